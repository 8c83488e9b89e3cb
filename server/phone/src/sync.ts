/** One run of exchanges with the server: send what waits, keep what comes, until neither side has more. */
import { signal } from '@preact/signals';
import type { Failure, Result } from './client.ts';
import * as client from './client.ts';
import type { LocalCheckIn, OutboxRecord, WriteTransaction } from './db.ts';
import { store, writeStrictly } from './db.ts';
import { cacheForms, keepForm } from './forms.ts';
import { applyRows, clearRows } from './lists.ts';
import { applyOutcomes, applyVerdict, applyWithdrawals, RECEIPT_DIFFERS, reoffer } from './outcomes.ts';
import {
  currentForms,
  deviceId,
  drafts,
  progress,
  records,
  refresh,
  sending,
  session,
  unsent,
  wipe,
} from './state.ts';
import { uploadFiles } from './upload.ts';
import { clear, confirmWipe, toldWipe } from './wipe.ts';
import type {
  CheckInChange,
  EventChange,
  Item,
  ReminderChange,
  RowChange,
  SyncAnswer,
  SyncRequest,
} from './wire.ts';

declare const __APP_VERSION__: string;

const BATCH_ITEMS = 50;
const BATCH_CHARS = 1_000_000; // below the server's limits of 2 MiB packed and 16 MiB unpacked
const MAX_EXCHANGES = 500; // a guard against a server that always says there is more

export type SyncResult = 'ok' | 'busy_elsewhere' | Failure;

export interface SyncStatus {
  is_running: boolean;
  result: SyncResult | null;
}

/** How many changes this run has brought so far. */
export const received = signal(0);

export const status = signal<SyncStatus>({ is_running: false, result: null });

/** Run once; a second tab that is already at it makes this a no-op. */
export async function syncNow(): Promise<SyncResult> {
  if (status.peek().is_running) return 'busy_elsewhere';
  status.value = { ...status.peek(), is_running: true };
  let result: SyncResult = { ok: false, kind: 'offline' };
  try {
    result = await alone(run);
  } finally {
    sending.value = new Set();
    await refresh().catch(() => undefined);
    status.value = { is_running: false, result };
  }
  return result;
}

async function alone(work: () => Promise<SyncResult>): Promise<SyncResult> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('lingyan-sync', { ifAvailable: true }, lock =>
    lock === null ? Promise.resolve<SyncResult>('busy_elsewhere') : work(),
  );
}

/** Clear this phone although something is unsent, since its person saved it; false when more came since. */
export async function clearSaved(saved: ReadonlySet<string>): Promise<boolean> {
  let isCleared = false;
  await alone(async () => {
    isCleared = await clear(saved);
    return 'ok';
  });
  return isCleared;
}

async function run(): Promise<SyncResult> {
  await confirmWipe();
  await refresh();
  received.value = 0;
  let batchItems = BATCH_ITEMS;
  for (let n = 0; n < MAX_EXCHANGES; n++) {
    const items = await dueItems(batchItems);
    const answer = await exchange(items);
    if (!answer.ok) {
      if (!isAboutItems(answer, items)) return fail(answer);
      // One item spoils the whole request: send them one by one, and keep the one that is refused here.
      if (items.length === 1) await refuse(items[0]?.instance_id ?? '', answer);
      batchItems = 1;
      continue;
    }
    const isMore = await keep(answer.data, items);
    await refresh();
    // Asking again at once would get the same useless receipts.
    if (items.length > 0 && items.every(item => isWaiting(item.instance_id))) return RECEIPTS_DIFFER;
    if (!isMore && (await dueItems(1)).length === 0) break;
  }
  await cacheForms();
  const uploaded = await uploadFiles();
  const result = uploaded.ok ? 'ok' : await fail(uploaded);
  await refresh();
  if (wipe.peek()?.state === 'asked') await clear();
  return result;
}

const RECEIPTS_DIFFER: Failure = { ok: false, kind: 'problem', status: 200, problem: RECEIPT_DIFFERS };

function isWaiting(instanceId: string): boolean {
  return records.peek().some(record => record.instance_id === instanceId && record.state === 'finalised');
}

function isAboutItems(failure: Failure, items: Item[]): boolean {
  return failure.kind === 'problem' && items.length > 0 && [400, 413, 422].includes(failure.status);
}

/** A session that ended is remembered, so that the pages ask to sign in; filling goes on without it. */
async function fail(failure: Failure): Promise<SyncResult> {
  const known = session.peek();
  if (failure.kind === 'signed_out' && known) {
    await (await store()).put('meta', { ...known, token: '' }, 'session');
  }
  return failure;
}

/** Return what waits, oldest first, within the limits of one request; at least one item however large. */
async function dueItems(limit: number): Promise<Item[]> {
  const due = records
    .peek()
    .filter(record => record.state === 'finalised')
    .sort((a, b) => a.ordinal - b.ordinal);
  const items: Item[] = [];
  let size = 0;
  for (const record of due.slice(0, limit)) {
    const body = await (await store()).get('bodies', record.instance_id);
    if (body === undefined || body.payload === '') continue;
    size += body.payload.length;
    if (items.length > 0 && size > BATCH_CHARS) break;
    items.push({
      instance_id: record.instance_id,
      form_id: record.form_id,
      version: record.version,
      ...(record.deprecated_id === '' ? {} : { deprecated_id: record.deprecated_id }),
      payload: body.payload,
      files: body.files,
    });
  }
  return items;
}

async function exchange(due: Item[]): Promise<Result<SyncAnswer>> {
  const token = session.peek()?.token ?? '';
  if (token === '') return { ok: false, kind: 'signed_out', problem: null };
  const items = await countAttempts(due);
  sending.value = new Set(items.map(item => item.instance_id));
  const answer = await client.sync(token, await requestFor(items));
  sending.value = new Set();
  return answer;
}

async function requestFor(items: Item[]): Promise<SyncRequest> {
  const { epoch, cursor, scope } = progress.peek();
  const wanting = records.peek().filter(record => record.wants_withdrawal);
  return {
    device: {
      device_id: await deviceId(),
      app_version: __APP_VERSION__,
      n_unsent: unsent.peek().length,
      n_drafts: drafts.peek().length,
      ...(await storageNow()),
      wipe: toldWipe(),
    },
    epoch,
    cursor,
    items,
    withdrawals: wanting.map(record => record.instance_id),
    have: { forms: Object.fromEntries(currentForms.peek().map(form => [form.form_id, form.version])), scope },
  };
}

/** How much room there is, for the office to see; nothing where the browser doesn't say. */
async function storageNow(): Promise<{ bytes_used: number; bytes_free: number } | null> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    return { bytes_used: usage, bytes_free: Math.max(0, quota - usage) };
  } catch {
    return null;
  }
}

/** Written before the request leaves: from now on the server may know these ids; a reopened one stays here. */
async function countAttempts(items: Item[]): Promise<Item[]> {
  if (items.length === 0) return [];
  return writeStrictly(['records'], async tx => {
    const leaving: Item[] = [];
    for (const item of items) {
      const record = await tx.objectStore('records').get(item.instance_id);
      if (record?.state !== 'finalised') continue;
      await tx.objectStore('records').put({ ...record, n_attempts: record.n_attempts + 1 });
      leaving.push(item);
    }
    return leaving;
  });
}

/** Store one answer in one transaction; return whether another exchange is needed. */
async function keep(answer: SyncAnswer, items: Item[]): Promise<boolean> {
  const { epoch } = progress.peek();
  const isRestored = epoch !== '' && epoch !== answer.epoch;
  const sent = new Set(items.map(item => item.instance_id));
  await writeStrictly(
    [
      'records',
      'files',
      'rows',
      'stamps',
      'forms',
      'submissions',
      'reminders',
      'leaves',
      'events',
      'check_ins',
      'meta',
    ],
    async tx => {
      await applyOutcomes(
        tx,
        answer.outcomes.filter(outcome => sent.has(outcome.instance_id)),
      );
      await applyWithdrawals(tx, answer.withdrawals);
      if (isRestored) await reoffer(tx, answer.epoch);
      if (answer.reset) await forgetLists(tx);
      await applyChanges(tx, answer);
    },
  );
  received.value += answer.changes.length;
  return isRestored || answer.has_more;
}

async function forgetLists(tx: WriteTransaction): Promise<void> {
  await clearRows(tx);
  await tx.objectStore('submissions').clear();
  await tx.objectStore('reminders').clear();
  await tx.objectStore('leaves').clear();
  await tx.objectStore('events').clear();
  await dropCheckIns(tx, one => !one.is_local);
}

async function keepEvent(tx: WriteTransaction, change: EventChange): Promise<void> {
  const events = tx.objectStore('events');
  await (change.removed ? events.delete(change.event_id) : events.put(change));
  if (change.removed) await dropCheckIns(tx, one => one.event_id === change.event_id);
}

async function dropCheckIns(tx: WriteTransaction, isOut: (one: LocalCheckIn) => boolean): Promise<void> {
  const kept = tx.objectStore('check_ins');
  for (const one of (await kept.getAll()).filter(isOut)) await kept.delete(one.check_in_id);
}

async function keepCheckIn(tx: WriteTransaction, change: CheckInChange): Promise<void> {
  const known = await tx.objectStore('check_ins').get(change.check_in_id);
  const at = known?.at ?? change.at; // this phone's own time says when the person was seen
  await tx.objectStore('check_ins').put({ ...change, at, name: known?.name ?? '', is_local: false });
}

/** What is done with is shown no more; the server keeps it. */
async function keepReminder(tx: WriteTransaction, change: ReminderChange): Promise<void> {
  const reminders = tx.objectStore('reminders');
  await (change.state === 'closed' ? reminders.delete(change.reminder_id) : reminders.put(change));
}

async function applyChanges(tx: WriteTransaction, answer: SyncAnswer): Promise<void> {
  await applyRows(
    tx,
    answer.changes.filter((change): change is RowChange => change.kind === 'row'),
  );
  for (const change of answer.changes) {
    if (change.kind === 'form') await keepForm(tx, change);
    if (change.kind === 'held') await applyVerdict(tx, change);
    if (change.kind === 'submission') await tx.objectStore('submissions').put(change);
    if (change.kind === 'reminder') await keepReminder(tx, change);
    if (change.kind === 'leave') await tx.objectStore('leaves').put(change);
    if (change.kind === 'event') await keepEvent(tx, change);
    if (change.kind === 'check_in') await keepCheckIn(tx, change);
  }
  const { epoch, cursor, scope, server_at } = answer;
  await tx.objectStore('meta').put(Date.parse(server_at) - Date.now(), 'clock_offset');
  const token = session.peek()?.token ?? '';
  if (answer.wipe === true) await tx.objectStore('meta').put({ state: 'asked', token }, 'wipe');
  else await tx.objectStore('meta').delete('wipe');
  await tx.objectStore('meta').put({ epoch, cursor, scope, synced_at: server_at }, 'progress');
}

async function refuse(instanceId: string, failure: Failure): Promise<void> {
  await writeStrictly(['records'], async tx => {
    const record = await tx.objectStore('records').get(instanceId);
    if (record?.state !== 'finalised') return;
    const failed: OutboxRecord = { ...record, state: 'failed' };
    if (failure.kind === 'problem') failed.problem = failure.problem;
    await tx.objectStore('records').put(failed);
  });
  await refresh();
}
