/** One record's true state in words and colour; green only when nothing of it waits any more. */
import type { OutboxRecord } from './db.ts';
import type { Tone } from './parts.tsx';
import { correctionOf, isApart } from './outbox.ts';
import { sending } from './state.ts';
import type { TextKey } from './texts.ts';
import type { SubmissionChange } from './wire.ts';

export interface RecordState {
  key: TextKey;
  tone: Tone;
}

const REVIEWED: Record<string, RecordState> = {
  returned: { key: 'state_returned', tone: 'bad' },
  edited: { key: 'state_edited', tone: 'info' },
  approved: { key: 'state_approved', tone: 'good' },
  rejected: { key: 'state_rejected', tone: 'bad' },
};

export function stateOf(record: OutboxRecord, submission: SubmissionChange | undefined): RecordState {
  if (record.state === 'draft') return { key: 'state_draft', tone: 'plain' };
  if (sending.value.has(record.instance_id)) return { key: 'state_sending', tone: 'info' };
  if (record.state === 'failed') return { key: 'state_failed', tone: 'bad' };
  if (record.state === 'finalised') return { key: 'state_waiting', tone: 'wait' };
  return sentState(record, submission);
}

function sentState(record: OutboxRecord, submission: SubmissionChange | undefined): RecordState {
  if (record.is_withdrawn) return { key: 'state_withdrawn', tone: 'plain' };
  if (record.wants_withdrawal) return { key: 'state_withdrawing', tone: 'wait' };
  if (record.office?.state === 'dismissed') return { key: 'state_dismissed', tone: 'bad' };
  if (isApart(record)) return { key: 'state_office', tone: 'info' };
  if (submission?.duplicate_of) return { key: 'state_set_aside', tone: 'plain' };
  if (correctionOf(record)) return { key: 'state_corrected', tone: 'plain' };
  const reviewed = submission === undefined ? undefined : REVIEWED[submission.review_state];
  if (reviewed) return reviewed;
  if (record.n_files_waiting > 0) return { key: 'state_files', tone: 'wait' };
  return { key: 'state_sent', tone: 'good' };
}

const WAITS: Record<string, TextKey> = {
  village: 'waits_village',
  town: 'waits_town',
  county: 'waits_county',
};
const PASSED: Record<string, TextKey> = { village: 'passed_village', town: 'passed_town' };

/** How far its review came, and who is next; nothing once it is decided. */
export function reviewSteps(submission: SubmissionChange | undefined): TextKey[] {
  if (!submission || !['received', 'edited'].includes(submission.review_state)) return [];
  const steps = [PASSED[submission.passed_level], WAITS[submission.review_level]];
  return steps.filter(step => step !== undefined);
}

/** Whether nobody has begun to review it. */
export function isUnreviewed(submission: SubmissionChange | undefined): boolean {
  return submission === undefined || (submission.review_state === 'received' && !submission.passed_level);
}

/** Whether the person must do something about it. */
export function needsPerson(record: OutboxRecord, submission: SubmissionChange | undefined): boolean {
  if (record.state === 'failed') return record.replaced_by === undefined;
  if (record.state !== 'sent' || record.is_withdrawn || correctionOf(record)) return false;
  return submission?.review_state === 'returned' && !submission.duplicate_of;
}
