import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { OutboxRecord } from '../src/db.ts';
import { isUnreviewed, reviewSteps, stateOf } from '../src/recordstate.ts';
import { sending } from '../src/state.ts';
import { OUTCOMES } from '../src/wire.ts';
import type { SubmissionChange } from '../src/wire.ts';
import { finalised, freshPhone } from './phone.ts';

beforeEach(freshPhone);

const REVIEW_STATES = ['received', 'returned', 'edited', 'approved', 'rejected'];

function submissionIn(review_state: string, record: OutboxRecord): SubmissionChange {
  return {
    kind: 'submission',
    seq: 1,
    root_id: record.instance_id,
    instance_id: record.instance_id,
    form_id: record.form_id,
    form_version: '1',
    review_state,
    review_level: 'town',
    passed_level: '',
    title: '',
    comment: '',
    comments: {},
    due_on: '',
    files_missing: [],
    is_withdrawn: false,
    duplicate_of: '',
  };
}

test('is green only when nothing of the record waits', async () => {
  const record = await finalised();
  const anyRecord = fc.record({
    state: fc.constantFrom('draft', 'finalised', 'sent', 'failed'),
    outcome: fc.constantFrom(...OUTCOMES),
    n_files_waiting: fc.nat(2),
    wants_withdrawal: fc.boolean(),
    is_withdrawn: fc.boolean(),
  });
  fc.assert(
    fc.property(
      anyRecord,
      fc.constantFrom('', ...REVIEW_STATES),
      fc.boolean(),
      (change, review, isSending) => {
        const now: OutboxRecord = { ...record, ...change };
        sending.value = new Set(isSending ? [record.instance_id] : []);
        const { tone } = stateOf(now, review === '' ? undefined : submissionIn(review, record));
        const isDone = now.state === 'sent' && !now.wants_withdrawal && !now.is_withdrawn;
        const isWithOffice = now.outcome === 'held' || now.outcome === 'conflict';
        if (tone === 'good') expect(isDone && !isWithOffice && !isSending).toBe(true);
        if (tone === 'good' && review !== 'approved') expect(now.n_files_waiting).toBe(0);
      },
    ),
  );
});

test.each([
  ['returned', 'state_returned'],
  ['approved', 'state_approved'],
  ['rejected', 'state_rejected'],
])('shows that it was %s', async (review, key) => {
  const record: OutboxRecord = { ...(await finalised()), state: 'sent', outcome: 'accepted' };
  expect(stateOf(record, submissionIn(review, record)).key).toBe(key);
});

test('says which level a record waits for, and which approved it', async () => {
  const record = await finalised();
  const at = (state: string, review_level: string, passed_level: string): SubmissionChange => ({
    ...submissionIn(state, record),
    review_level,
    passed_level,
  });
  expect(reviewSteps(at('received', 'village', ''))).toEqual(['waits_village']);
  expect(reviewSteps(at('edited', 'county', 'town'))).toEqual(['passed_town', 'waits_county']);
  expect(reviewSteps(at('approved', 'county', 'town'))).toEqual([]);
  expect(reviewSteps(at('received', 'none', ''))).toEqual([]);
});

test('can no longer be taken back once a level approved it', async () => {
  const record = await finalised();
  expect(isUnreviewed(submissionIn('received', record))).toBe(true);
  expect(isUnreviewed({ ...submissionIn('received', record), passed_level: 'village' })).toBe(false);
});
