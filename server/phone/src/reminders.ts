/** Which reminders Today shows: not what its other sections say already, nor what was done here meanwhile. */
import type { OutboxRecord, Pack } from './db.ts';
import { rowNamed } from './rows.ts';
import type { ReminderChange, SubmissionChange } from './wire.ts';

export function dueReminders(
  reminders: ReminderChange[],
  records: OutboxRecord[],
  submissions: SubmissionChange[],
  tasks: Pack | null,
): ReminderChange[] {
  return reminders
    .filter(one => one.state === 'delivered')
    .filter(one => !isShownBelow(one, submissions, tasks) && !isDoneHere(one, records))
    .sort((a, b) => (a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : a.seq - b.seq));
}

/** Own returned records and new tasks have sections of their own. */
function isShownBelow(one: ReminderChange, submissions: SubmissionChange[], tasks: Pack | null): boolean {
  if (one.subject_kind === 'returned')
    return submissions.some(submission => submission.root_id === one.subject_id);
  return one.stage === 'assigned' && tasks !== null && rowNamed(tasks, one.subject_id) !== null;
}

/** A record about it was finished on this phone since: the server hears of it with the next sync. */
function isDoneHere(one: ReminderChange, records: OutboxRecord[]): boolean {
  return records.some(
    record => record.subject === one.subject_id && record.state !== 'draft' && record.changed_at > one.at,
  );
}
