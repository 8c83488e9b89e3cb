import { expect, test } from 'vitest';
import { moduleAddress } from '../src/trial/address.ts';
import { fillInMemory, sampleLists } from '../src/trial/trial.ts';
import { formOf, put, question } from './compiled.ts';

const CHECK = await formOf(`
| survey |
| | type | name | label | calculation | choice_filter |
| | csv-external | household | | | |
| | csv-external | member | | | |
| | select_one_from_file household.csv | hh | Household | | |
| | calculate | size | | count(instance('member')/root/item[household = \${hh}]) | |
| | text | note | Note | | |`);

const DIGEST = 'a'.repeat(64);

test('a published version is tried by its digest, an upload by its token, and nothing else is loaded', () => {
  expect(moduleAddress(DIGEST)).toBe(`/forms/${DIGEST}.js`);
  expect(moduleAddress('staged/ab-1')).toBe('/desk/uploads/forms/ab-1/module.js');
  expect(moduleAddress('draft/exit_check')).toBe('/desk/forms/exit_check/draft/module.js');
  for (const other of [
    '',
    '..',
    'draft/..',
    'abc',
    '../files/x',
    'https://example.org/a.js',
    `${DIGEST}/../x`,
    'staged/../x',
  ])
    expect(moduleAddress(other)).toBeNull();
});

test('lists that only the server has are made up, with rows that belong to each other', () => {
  const lists = sampleLists(CHECK);
  expect(lists.rows('household').map(row => row['name'])).toEqual([
    'household-1',
    'household-2',
    'household-3',
  ]);
  expect(lists.by('member', 'household', 'household-1')).toHaveLength(3);
});

test('a trial computes and checks as a real filling does', () => {
  const { filling } = fillInMemory(CHECK);
  put(filling, 'hh', 'household-1');
  expect(question(filling, 'size').value.value).toBe('3');
  expect(filling.errors()).toEqual([]);
});
