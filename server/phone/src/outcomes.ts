/** What the server's words about single records do to the outbox; a receipt counts only for the very bytes sent. */
import type { OutboxRecord, WriteTransaction } from './db.ts';
import type { HeldChange, Outcome, Problem, WithdrawalOutcome } from './wire.ts';
import { isReceiptFor } from './wire.ts';

export const RECEIPT_DIFFERS: Problem = {
  code: 'receipt_differs',
  message_zh: '服务器的回执与本机内容不一致。',
  message_en: 'The receipt does not match what this phone holds.',
  fix_zh: '记录仍在手机上，将再次发送。如果反复出现，请导出备份并联系镇办公室。',
  fix_en:
    'The record stays on the phone and is sent again. If it keeps happening, export a rescue file and call the office.',
};

export async function applyOutcomes(tx: WriteTransaction, outcomes: Outcome[]): Promise<void> {
  const kept = tx.objectStore('records');
  for (const outcome of outcomes) {
    const record = await kept.get(outcome.instance_id);
    if (record?.state === 'finalised') await kept.put(decided(record, outcome));
  }
}

function decided(record: OutboxRecord, outcome: Outcome): OutboxRecord {
  const { problem, ...rest } = record;
  const why = outcome.problem ? { problem: outcome.problem } : {};
  if (outcome.outcome === 'refused') {
    return { ...rest, ...why, state: 'failed', outcome: 'refused' };
  }
  const isWithOffice = outcome.outcome === 'held' || outcome.outcome === 'conflict';
  if (isReceiptFor(outcome.receipt, record.instance_id, record.digest)) {
    const receipt = outcome.receipt ? { receipt: outcome.receipt } : {};
    return { ...rest, ...why, ...receipt, state: 'sent', outcome: outcome.outcome };
  }
  if (isWithOffice && outcome.receipt === undefined) {
    return { ...rest, ...why, state: 'sent', outcome: outcome.outcome };
  }
  return { ...rest, problem: RECEIPT_DIFFERS };
}

export async function applyWithdrawals(tx: WriteTransaction, answers: WithdrawalOutcome[]): Promise<void> {
  const kept = tx.objectStore('records');
  for (const answer of answers) {
    const record = await kept.get(answer.instance_id);
    if (record === undefined) continue;
    record.wants_withdrawal = false;
    if (answer.outcome === 'withdrawn') record.is_withdrawn = true;
    else if (answer.problem) record.withdrawal_problem = answer.problem;
    await kept.put(record);
  }
}

/** Keep what the office decided about a record of this phone; of another content under its id nothing is said. */
export async function applyVerdict(tx: WriteTransaction, change: HeldChange): Promise<void> {
  const record = await tx.objectStore('records').get(change.instance_id);
  if (record?.digest !== change.digest || record.state === 'draft') return;
  const { problem, office, ...rest } = record; // why it was kept apart is settled
  const { state, comment, taken_as, root_id } = change;
  const verdict = state === 'open' ? {} : { office: { state, comment, taken_as, root_id } };
  await tx.objectStore('records').put({ ...rest, ...verdict });
}

/** A restored server may have lost what it had confirmed: everything confirmed under another epoch goes again. */
export async function reoffer(tx: WriteTransaction, epoch: string): Promise<void> {
  const kept = tx.objectStore('records');
  for (const record of await kept.getAll()) {
    if (record.state !== 'sent' || record.is_withdrawn || record.receipt?.epoch === epoch) continue;
    const { receipt, outcome, office, ...rest } = record;
    await kept.put({ ...rest, state: 'finalised', n_files_waiting: record.n_files });
  }
  const files = tx.objectStore('files');
  for (const file of await files.getAll()) await files.put({ ...file, is_uploaded: false });
}
