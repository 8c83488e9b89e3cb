import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../src/digest.ts';
import type {
  HeldChange,
  RowChange,
  SignedIn,
  SubmissionChange,
  SyncAnswer,
  SyncRequest,
} from '../src/wire.ts';
import { asProblem, asSignedIn, asSyncAnswer, isReceiptFor, nFilesMissing, OUTCOMES } from '../src/wire.ts';

const page = readFileSync(new URL('../../../docs/wire.md', import.meta.url), 'utf8');

/** The JSON of docs/wire.md under its name. */
function example(name: string): unknown {
  const found = new RegExp(`<!-- example: ${name} -->\n\`\`\`json\n(.*?)\n\`\`\``, 's').exec(page);
  return JSON.parse(found?.[1] ?? 'null');
}

const answer = asSyncAnswer(example('sync_answer'));
const request = example('sync') as SyncRequest;

// The compiler holds these: a member that wire.ts gets or loses is missing or too much here.
const SIGNED_IN: Record<keyof SignedIn, true> = { token: true, user: true, town: true, epoch: true };
const REQUEST: Record<keyof SyncRequest, true> = {
  device: true,
  epoch: true,
  cursor: true,
  items: true,
  withdrawals: true,
  have: true,
};
const ANSWER: Record<keyof SyncAnswer, true> = {
  epoch: true,
  scope: true,
  reset: true,
  wipe: true,
  server_at: true,
  outcomes: true,
  withdrawals: true,
  changes: true,
  cursor: true,
  has_more: true,
};
const SUBMISSION: Record<keyof SubmissionChange, true> = {
  kind: true,
  seq: true,
  root_id: true,
  instance_id: true,
  form_id: true,
  form_version: true,
  review_state: true,
  review_level: true,
  passed_level: true,
  title: true,
  comment: true,
  comments: true,
  due_on: true,
  files_missing: true,
  is_withdrawn: true,
  duplicate_of: true,
};
const HELD: Record<keyof HeldChange, true> = {
  kind: true,
  seq: true,
  instance_id: true,
  digest: true,
  state: true,
  comment: true,
  taken_as: true,
  root_id: true,
};
const names = (value: object | null): string[] => Object.keys(value ?? {}).sort();

describe('the contract in docs/wire.md', () => {
  test('names the members that the phone knows', () => {
    expect(names(asSignedIn(example('signed_in')))).toEqual(names(SIGNED_IN));
    expect(names(request)).toEqual(names(REQUEST));
    expect(names(example('sync_answer') as object)).toEqual(names(ANSWER));
    expect(names(answer?.changes.find(change => change.kind === 'submission') ?? null)).toEqual(
      names(SUBMISSION),
    );
    expect(names(example('held') as object)).toEqual(names(HELD));
  });

  test('has receipts that the phone believes', async () => {
    const item = request.items[0];
    const outcome = answer?.outcomes[0];
    const digest = await digestOf(item?.payload ?? '');
    expect(isReceiptFor(outcome?.receipt, item?.instance_id ?? '', digest)).toBe(true);
    expect(isReceiptFor(outcome?.receipt, item?.instance_id ?? '', 'other')).toBe(false);
  });

  test('names every outcome', () => {
    expect(OUTCOMES.filter(outcome => !page.includes(`| \`${outcome}\` |`))).toEqual([]);
    expect(OUTCOMES).toEqual(expect.arrayContaining(answer?.outcomes.map(each => each.outcome) ?? []));
  });

  test('shows problems that the phone can read', () => {
    expect(asProblem(example('problem'))?.code).toBe('not_signed_in');
  });

  test('shows rows as text and removals by name', () => {
    const rows = (answer?.changes ?? []).filter((change): change is RowChange => change.kind === 'row');
    expect(rows.map(change => (change.removed ? change.name : typeof change.row['label']))).toEqual([
      'h-1',
      'string',
    ]);
  });

  test('counts the files that the server waits for', () => {
    const change = answer?.changes.find(each => each.kind === 'submission');
    expect(change?.kind === 'submission' && nFilesMissing(change)).toBe(1);
  });
});
