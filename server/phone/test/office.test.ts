/** What the office decides about a record it had kept apart, or sets aside, as the outbox shows it. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Result } from '../src/client.ts';
import { keepRecord } from '../src/handback.ts';
import { readDraft, recordOf, startCorrection, submissionOf } from '../src/outbox.ts';
import { needsPerson, stateOf } from '../src/recordstate.ts';
import { records, submissions } from '../src/state.ts';
import { syncNow } from '../src/sync.ts';
import type { Change, HeldChange, Item, SubmissionChange, SyncAnswer, SyncRequest } from '../src/wire.ts';
import { accepted, answerWith, finalised, FORM, freshPhone, receiptFor, recordNow } from './phone.ts';

const client = vi.hoisted(() => ({
  sync: vi.fn<(token: string, request: SyncRequest) => Promise<Result<SyncAnswer>>>(),
  formModule: vi.fn(),
  createFile: vi.fn(),
  appendFile: vi.fn(),
  signOut: vi.fn(),
}));
vi.mock('../src/client.ts', () => client);

const CLOSED = {
  code: 'form_closed',
  message_zh: '表单已停用',
  message_en: 'Closed',
  fix_zh: '',
  fix_en: '',
};
const OTHER_ID = '5a0c3c52-6f0a-4d43-9a65-0c8f8d0f2b11';

/** Exchange once; what is sent is answered so, and these changes come. */
async function exchange(
  changes: Change[],
  answer: (items: Item[]) => Promise<SyncAnswer['outcomes']> = items => accepted(items),
): Promise<void> {
  client.sync.mockImplementation(async (_token, { items }) => ({
    ok: true,
    data: answerWith({ outcomes: await answer(items), changes }),
  }));
  await syncNow();
}

/** A record that the office keeps apart. */
async function apart(outcome: 'held' | 'conflict'): Promise<string> {
  const { instance_id } = await finalised('一');
  await exchange([], items =>
    Promise.all(
      items.map(async item => ({
        instance_id: item.instance_id,
        outcome,
        receipt: await receiptFor(item),
        problem: CLOSED,
      })),
    ),
  );
  return instance_id;
}

async function verdict(instance_id: string, change: Partial<HeldChange>): Promise<HeldChange> {
  const { digest } = await recordNow(instance_id);
  return {
    kind: 'held',
    seq: 20,
    instance_id,
    digest,
    state: 'taken',
    comment: '',
    taken_as: instance_id,
    root_id: instance_id,
    ...change,
  };
}

function submission(instance_id: string, change: Partial<SubmissionChange>): SubmissionChange {
  return {
    kind: 'submission',
    seq: 21,
    root_id: instance_id,
    instance_id,
    form_id: 'visit',
    form_version: '1',
    review_state: 'received',
    review_level: 'town',
    passed_level: '',
    title: '',
    comment: '',
    comments: {},
    due_on: '',
    files_missing: [],
    is_withdrawn: false,
    duplicate_of: '',
    ...change,
  };
}

function stateNow(instance_id: string): string {
  const record = records.value.find(known => known.instance_id === instance_id);
  return record ? stateOf(record, submissionOf(record)).key : '';
}

function isWaitingForPerson(instance_id: string): boolean {
  const record = records.value.find(known => known.instance_id === instance_id);
  return record !== undefined && needsPerson(record, submissionOf(record));
}

beforeEach(async () => {
  vi.resetAllMocks();
  await freshPhone();
});

describe('a record kept apart', () => {
  test('is with the office, whatever is decided about the other content under its id', async () => {
    const id = await apart('conflict');
    await exchange([submission(id, { review_state: 'returned', comment: '请补' })]);
    expect(stateNow(id)).toBe('state_office');
    expect(isWaitingForPerson(id)).toBe(false);
    expect(submissions.value.map(recordOf)).toEqual([undefined]);
  });

  test('is an ordinary record once it was taken in', async () => {
    const id = await apart('held');
    await exchange([await verdict(id, {}), submission(id, {})]);
    expect(stateNow(id)).toBe('state_sent');
    expect((await recordNow(id)).problem).toBeUndefined();
    await exchange([submission(id, { review_state: 'approved' })]);
    expect(stateNow(id)).toBe('state_approved');
  });

  test('was not taken, says the outbox, and why', async () => {
    const id = await apart('held');
    await exchange([
      await verdict(id, { state: 'dismissed', comment: '重复填报', taken_as: '', root_id: '' }),
    ]);
    expect(stateNow(id)).toBe('state_dismissed');
    expect((await recordNow(id)).office?.comment).toBe('重复填报');
    await exchange([await verdict(id, { state: 'open', taken_as: '', root_id: '' })]);
    expect(stateNow(id)).toBe('state_office');
  });

  test('is not touched by a decision on other bytes', async () => {
    const id = await apart('conflict');
    await exchange([await verdict(id, { digest: 'f'.repeat(64) })]);
    expect(stateNow(id)).toBe('state_office');
  });

  test('stays on this phone when the other content under its id is handed back', async () => {
    const id = await apart('conflict');
    const [own, body] = [await recordNow(id), (await readDraft(id))?.body];
    if (body === undefined) throw new Error('the answers are gone');
    expect(await keepRecord({ ...own, digest: 'f'.repeat(64) }, { ...body, payload: '{}' }, FORM)).toBeNull();
    expect((await readDraft(id))?.body.payload).toBe(body.payload);
    expect(await keepRecord(own, body, FORM)).toEqual(own);
  });

  test('can be corrected when it became a version under another id', async () => {
    const id = await apart('conflict');
    const returned = submission(OTHER_ID, { root_id: id, review_state: 'returned' });
    await exchange([await verdict(id, { taken_as: OTHER_ID }), returned]);
    expect(stateNow(id)).toBe('state_returned');
    expect(isWaitingForPerson(id)).toBe(true);
    const draft = await readDraft((await startCorrection(returned, [])) ?? '');
    expect(draft?.record).toMatchObject({ deprecated_id: OTHER_ID, root_id: id, state: 'draft' });
    expect(draft?.record.office).toBeUndefined();
    expect(draft?.body.saved.texts).toEqual({ note: '一' });
  });

  test('is offered again after the server was restored, and hears the decision anew', async () => {
    const id = await apart('held');
    await exchange([await verdict(id, { state: 'dismissed', comment: '重复填报' })]);
    client.sync.mockImplementation(async (_token, { items }) => ({
      ok: true,
      data: answerWith({
        epoch: 'e2',
        reset: true,
        outcomes: (await accepted(items, { epoch: 'e2' })).map(one => ({ ...one, outcome: 'held' })),
      }),
    }));
    await syncNow();
    expect(stateNow(id)).toBe('state_office');
  });
});

describe('a record set aside as a duplicate', () => {
  test('says so, asks for nothing, and comes back when that is undone', async () => {
    const { instance_id: id } = await finalised('一');
    await exchange([]);
    await exchange([submission(id, { duplicate_of: OTHER_ID, comment: '同一户', review_state: 'returned' })]);
    expect(stateNow(id)).toBe('state_set_aside');
    expect(isWaitingForPerson(id)).toBe(false);
    await exchange([submission(id, { review_state: 'returned', comment: '请补' })]);
    expect(stateNow(id)).toBe('state_returned');
    expect(isWaitingForPerson(id)).toBe(true);
  });
});
