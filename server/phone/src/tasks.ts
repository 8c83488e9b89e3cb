/** Own tasks and pairings as the phone holds them, less what was finalised here and the server hasn't told of yet. */
import type { OutboxRecord, Pack, Progress } from './db.ts';
import { isUnconfirmed } from './lists.ts';
import { fullRow, indexOf } from './rows.ts';
import type { Row } from './wire.ts';

export const TASKS = 'task';
export const PAIRINGS = 'pairing';
const CONTACT_LOG = 'contact_log';

export interface TaskGroup {
  title: string;
  due_on: string;
  tasks: Row[];
}

/** Return a person's rows of a list by a column. */
function rowsOf(pack: Pack, column: string, person: string): Row[] {
  if (person === '') return [];
  return (indexOf(pack, column).get(person) ?? []).map(at => fullRow(pack, at));
}

/** Return own open tasks in groups of one title and day, the earliest due first; what was just done is gone. */
export function taskGroups(
  pack: Pack,
  person: string,
  records: readonly OutboxRecord[],
  progress: Progress,
): TaskGroup[] {
  const groups = new Map<string, TaskGroup>();
  for (const task of rowsOf(pack, 'person', person)) {
    if (isAnswered(task, records, progress)) continue;
    const title = task['title'] ?? '';
    const due_on = task['due_on'] ?? '';
    const group = groups.get(`${due_on} ${title}`) ?? { title, due_on, tasks: [] };
    groups.set(`${due_on} ${title}`, group);
    group.tasks.push(task);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** A record that is finished but not with the server has done the task; what the server knows, it has told. */
function isAnswered(task: Row, records: readonly OutboxRecord[], progress: Progress): boolean {
  return records.some(
    record =>
      record.form_id === task['form_id'] &&
      record.subject_list === task['list_name'] &&
      record.subject === task['entity_id'] &&
      isUnconfirmed(record, progress),
  );
}

/** Return the pairings a person looks after, the earliest due first. */
export function ownPairings(pack: Pack, person: string): Row[] {
  const own = [...rowsOf(pack, 'mentor', person), ...rowsOf(pack, 'mentor_2', person)];
  const due = (row: Row): string => row['due_on'] ?? '';
  // Nothing is due while one is paused or proposed: those come last.
  return own.sort((a, b) => (due(a) || '9').localeCompare(due(b) || '9'));
}

/** Whether the period that runs on a day still wants a contact. */
export function isWanted(pairing: Row, day: string): boolean {
  const due = pairing['due_on'] ?? '';
  if (due === '') return false;
  const months = (pairing['cadence'] ?? '').endsWith('quarter') ? 3 : 1;
  return periodOf(due, months) <= periodOf(day, months);
}

function periodOf(day: string, months: number): number {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return Math.floor((year * 12 + month - 1) / months);
}

/** Whether a contact log about it is finished here and not with the server yet. */
export function isLogged(pairing: Row, records: readonly OutboxRecord[], progress: Progress): boolean {
  return records.some(
    record =>
      record.form_id === CONTACT_LOG && record.subject === pairing['name'] && isUnconfirmed(record, progress),
  );
}

/** Return today in the town, as ISO; phones of the town keep its time. */
export function dayOf(now: Date): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
