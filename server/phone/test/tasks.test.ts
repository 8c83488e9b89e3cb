/** Own tasks and pairings on the phone: what is due first, and what a record finished here has done already. */
import { beforeEach, expect, test } from 'vitest';
import { store } from '../src/db.ts';
import { applyRows, currentPack } from '../src/lists.ts';
import { finalise, newDraft, saveDraft } from '../src/outbox.ts';
import { progress, records, refresh } from '../src/state.ts';
import { isLogged, isWanted, ownPairings, taskGroups } from '../src/tasks.ts';
import type { Row, RowChange } from '../src/wire.ts';
import { FORM, freshPhone } from './phone.ts';

beforeEach(freshPhone);

async function hold(list: string, ...rows: Row[]): Promise<void> {
  const changes = rows.map((row, seq): RowChange => ({ kind: 'row', seq, list, row }));
  const tx = (await store()).transaction(['rows', 'stamps'], 'readwrite');
  await applyRows(tx, changes);
  await tx.done;
}

const task = (name: string, due_on = '2016-10-21', more: Row = {}): Row => ({
  name,
  label: name,
  title: '秋季核查',
  form_id: 'visit',
  list_name: 'household',
  entity_id: `h-${name}`,
  person: 'p1',
  due_on,
  ...more,
});

async function fillAbout(subject: string, list = 'household', formId = 'visit'): Promise<void> {
  const draft = await newDraft(
    { ...FORM, form_id: formId, starts_from: list, subject_list: list },
    [],
    subject,
  );
  await saveDraft(draft);
  await finalise(draft, { answers: {}, files: [], name: '', entities: [] });
  await refresh();
}

async function shown(): Promise<string[][]> {
  const groups = taskGroups(await currentPack('task'), 'p1', records.value, progress.value);
  return groups.map(group => [group.due_on, ...group.tasks.map(each => each['name'] ?? '')]);
}

test('own tasks in groups, the earliest due first', async () => {
  await hold(
    'task',
    task('a'),
    task('b'),
    task('c', '2016-10-14'),
    task('d', '2016-10-14', { person: 'p2' }),
  );
  expect(await shown()).toEqual([
    ['2016-10-14', 'c'],
    ['2016-10-21', 'a', 'b'],
  ]);
});

test('a record finished here has done its task at once, another form or row has not', async () => {
  await hold('task', task('a'), task('b'));
  await fillAbout('h-b', 'household', 'other');
  expect(await shown()).toEqual([['2016-10-21', 'a', 'b']]);
  await fillAbout('h-b');
  expect(await shown()).toEqual([['2016-10-21', 'a']]);
});

test('what the server has had and still asks for comes back', async () => {
  await hold('task', task('a'));
  await fillAbout('h-a');
  const db = await store();
  const [record] = await db.getAll('records');
  if (!record) throw new Error('no record');
  const receipt = { instance_id: record.instance_id, digest: record.digest, epoch: 'e', seq: 5 } as never;
  await db.put('records', { ...record, state: 'sent', receipt });
  await db.put('meta', { epoch: 'e', cursor: 4, scope: '', synced_at: '' }, 'progress');
  await refresh();
  expect(await shown()).toEqual([]);
  await db.put('meta', { epoch: 'e', cursor: 9, scope: '', synced_at: '' }, 'progress');
  await refresh();
  expect(await shown()).toEqual([['2016-10-21', 'a']]);
});

test('own pairings, as first or second mentor, the earliest due first', async () => {
  const pair = (name: string, due_on: string, more: Row): Row => ({ name, due_on, mentor_2: '', ...more });
  await hold(
    'pairing',
    pair('late', '2016-09-30', { mentor: 'p1' }),
    pair('paused', '', { mentor: 'p1' }),
    pair('second', '2016-10-31', { mentor: 'p9', mentor_2: 'p1' }),
    pair('other', '2016-09-30', { mentor: 'p9' }),
  );
  const own = ownPairings(await currentPack('pairing'), 'p1');
  expect(own.map(row => row['name'])).toEqual(['late', 'second', 'paused']);
});

test.each([
  ['2016-10-31', '1/month', true],
  ['2016-09-30', '1/month', true],
  ['2016-11-30', '1/month', false],
  ['2016-12-31', '1/quarter', true],
  ['2017-03-31', '1/quarter', false],
  ['', '1/month', false],
])('due %s at %s still wants a contact: %s', (due_on, cadence, expected) => {
  expect(isWanted({ due_on, cadence }, '2016-10-15')).toBe(expected);
});

test('a contact log finished here counts as logged', async () => {
  const pairing: Row = { name: 'r1' };
  expect(isLogged(pairing, records.value, progress.value)).toBe(false);
  await fillAbout('r1', 'pairing', 'contact_log');
  expect(isLogged(pairing, records.value, progress.value)).toBe(true);
});
