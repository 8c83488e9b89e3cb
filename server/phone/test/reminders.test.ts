/** Reminders on the phone: kept while they hold, in the order of their days, and quiet once done here. */
import { expect, test } from 'vitest';
import type { OutboxRecord } from '../src/db.ts';
import { dueReminders } from '../src/reminders.ts';
import type { ReminderChange } from '../src/wire.ts';

const reminder = (id: string, due_on: string, more: Partial<ReminderChange> = {}): ReminderChange => ({
  kind: 'reminder',
  seq: 1,
  reminder_id: id,
  stage: 'before',
  subject_kind: 'pairing',
  subject_id: `p-${id}`,
  due_on,
  text_zh: '请于9月30日前完成。',
  text_en: 'please do so by 30 September.',
  state: 'delivered',
  at: '2016-09-27T00:30:00.000Z',
  ...more,
});

const ids = (found: ReminderChange[]): string[] => found.map(one => one.reminder_id);

test('what is due first stands first', () => {
  const all = [reminder('b', '2016-10-31'), reminder('a', '2016-09-30')];
  expect(ids(dueReminders(all, [], [], null))).toEqual(['a', 'b']);
});

test('a record finished here since makes its reminder quiet, an earlier one or a draft does not', () => {
  const done = (changed_at: string, state: string): OutboxRecord =>
    ({ subject: 'p-a', state, changed_at }) as OutboxRecord;
  const all = [reminder('a', '2016-09-30')];
  const shown = (record: OutboxRecord) => ids(dueReminders(all, [record], [], null));
  expect(shown(done('2016-09-28T01:00:00.000Z', 'finalised'))).toEqual([]);
  expect(shown(done('2016-09-26T01:00:00.000Z', 'finalised'))).toEqual(['a']);
  expect(shown(done('2016-09-28T01:00:00.000Z', 'draft'))).toEqual(['a']);
});
