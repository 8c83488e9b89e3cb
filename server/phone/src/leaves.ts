/** The person's own leaves: what the server told of, and what was finished here and waits to be sent. */
import { signal } from '@preact/signals';
import type { OutboxRecord, Progress } from './db.ts';
import { store } from './db.ts';
import { isUnconfirmed } from './lists.ts';
import { onReload } from './state.ts';
import type { LeaveChange } from './wire.ts';

export const LEAVE_FORM = 'leave';

export const leaves = signal<LeaveChange[]>([]);

onReload(async () => {
  leaves.value = await (await store()).getAll('leaves');
});

/** Return those that hold or will, and those of which the answer is news: none that was over before today. */
export function leavesShown(all: readonly LeaveChange[], today: string): LeaveChange[] {
  return all
    .filter(one => one.state !== 'withdrawn' && one.until_on >= today)
    .sort((a, b) => (a.from_on < b.from_on ? -1 : a.from_on > b.from_on ? 1 : a.seq - b.seq));
}

/** Return own requests that are finished here and that the server has said nothing about yet. */
export function leavesWaiting(records: readonly OutboxRecord[], progress: Progress): OutboxRecord[] {
  return records.filter(record => record.form_id === LEAVE_FORM && isUnconfirmed(record, progress));
}
