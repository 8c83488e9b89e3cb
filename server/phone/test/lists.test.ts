import { beforeEach, describe, expect, test } from 'vitest';
import { writeStrictly } from '../src/db.ts';
import type { LocalEntity, OutboxRecord } from '../src/db.ts';
import { applyRows, currentPack, localEntities, openList, openLists, pin, prunePacks } from '../src/lists.ts';
import { rowNamed } from '../src/rows.ts';
import { findRows, villagesIn } from '../src/search.ts';
import { NOWHERE } from '../src/state.ts';
import type { Standing } from '../src/state.ts';
import type { Row, RowChange } from '../src/wire.ts';
import { finalised, freshPhone } from './phone.ts';

beforeEach(freshPhone);

const at = (cursor: number): Standing => ({ cursor, stamps: new Map() });

const household = (name: string, more: Row = {}): RowChange => ({
  kind: 'row',
  seq: 1,
  list: 'household',
  row: { name, label: `户${name}`, ...more },
});
const keep = (...changes: RowChange[]): Promise<void> =>
  writeStrictly(['rows', 'stamps'], tx => applyRows(tx, changes));
const local = (id: string, more: Partial<LocalEntity> = {}): LocalEntity => ({
  list_name: 'household',
  entity_id: id,
  kind: 'create',
  label: '新户',
  data: { village: 'v1' },
  ...more,
});

describe('rows a filling reads', () => {
  test('are found by an equal column', async () => {
    await keep(
      household('a', { village: 'v1' }),
      household('b', { village: 'v2' }),
      household('c', { village: 'v1' }),
    );
    const lists = await openLists(
      [{ name: 'household', columns: ['village'] }],
      await pin(['household'], [], at(1)),
    );
    expect(lists.by('household', 'village', 'v1').map(row => row['name'])).toEqual(['a', 'c']);
    expect(lists.by('household', 'village', 'v9')).toEqual([]);
  });

  test('have only the columns the form names', async () => {
    await keep(household('a', { village: 'v1', phone: '1' }));
    const lists = await openLists(
      [{ name: 'household', columns: ['village'] }],
      await pin(['household'], [], at(1)),
    );
    expect(lists.rows('household')).toEqual([{ name: 'a', label: '户a', village: 'v1' }]);
  });

  test('stay as they were when the filling began', async () => {
    await keep(household('a', { head: '王' }));
    const pinned = await pin(['household'], [], at(1));
    await keep(household('a', { head: '李' }));
    await currentPack('household');
    await prunePacks([pinned]);
    const lists = await openLists([{ name: 'household', columns: ['head'] }], pinned);
    expect(lists.by('household', 'name', 'a')[0]?.['head']).toBe('王');
    expect(rowNamed(await openList('household', []), 'a')?.['head']).toBe('李');
  });

  test('are those that belong to the cursor, though another window has just fetched newer ones', async () => {
    await keep(household('a', { head: '王' }));
    const { stamp } = await currentPack('household');
    await keep(household('a', { head: '李' }));
    const headAt = async (known: number): Promise<string | undefined> => {
      const standing = { cursor: known, stamps: new Map([['household', known]]) };
      const lists = await openLists(
        [{ name: 'household', columns: ['head'] }],
        await pin(['household'], [], standing),
      );
      return lists.by('household', 'name', 'a')[0]?.['head'];
    };
    expect(await headAt(stamp)).toBe('王');
    expect(await headAt(stamp + 1)).toBe('李');
  });

  test('of a list the phone does not have are none', async () => {
    const lists = await openLists([{ name: 'coop', columns: [] }], await pin(['coop'], [], at(0)));
    expect(lists.rows('coop')).toEqual([]);
  });
});

describe('rows of own unsent records', () => {
  test('are in the list at once', async () => {
    await keep(household('a'));
    const pack = await openList('household', [local('n1')]);
    expect(rowNamed(pack, 'n1')).toEqual({ name: 'n1', label: '新户', village: 'v1' });
    expect(pack.n_rows).toBe(2);
  });

  test('give way to the server’s row', async () => {
    await keep(household('n1', { hh_no: '0001' }));
    const pack = await openList('household', [local('n1')]);
    expect(pack.n_rows).toBe(1);
    expect(rowNamed(pack, 'n1')).toMatchObject({ label: '户n1', hh_no: '0001' });
  });

  test('change a row property by property', async () => {
    await keep(household('a', { phone: '1', group: '一组' }));
    const pack = await openList('household', [
      local('a', { kind: 'update', label: '', data: { phone: '2' } }),
    ]);
    expect(rowNamed(pack, 'a')).toEqual({ name: 'a', label: '户a', phone: '2', group: '一组' });
  });

  test('last until the server has given everything up to their receipt', async () => {
    const record: OutboxRecord = { ...(await finalised()), entities: [local('n1')] };
    const receipt = {
      instance_id: record.instance_id,
      digest: record.digest,
      epoch: 'e1',
      seq: 7,
      received_at: '',
      chain: '',
      signature: '',
      files_missing: [],
    };
    const sent: OutboxRecord = { ...record, state: 'sent', receipt };
    const left = (cursor: number) => localEntities([sent], { ...NOWHERE, epoch: 'e1', cursor }).length;
    expect(localEntities([record], NOWHERE)).toHaveLength(1);
    expect(left(6)).toBe(1);
    expect(left(7)).toBe(0);
    expect(localEntities([{ ...record, is_withdrawn: true }], NOWHERE)).toHaveLength(0);
  });
});

describe('finding', () => {
  beforeEach(() =>
    keep(
      household('a', { label: '孙文建', pinyin: 'swj sunwenjian', village: 'v2' }),
      household('b', { label: '王建国', pinyin: 'wjg wangjianguo', village: 'v1', phone: '10012345678' }),
    ),
  );
  const names = async (text: string, village = ''): Promise<string[]> => {
    const pack = await openList('household', []);
    return findRows(pack, text, village, ['hh_no', 'phone']).map(at => pack.columns['name']?.[at] ?? '');
  };

  test('goes by name, initials and phone', async () => {
    expect(await names('建国')).toEqual(['b']);
    expect(await names('WJG')).toEqual(['b']);
    expect(await names('5678')).toEqual(['b']);
  });

  test('puts rows that begin with the word first', async () => {
    expect(await names('wj')).toEqual(['b', 'a']);
  });

  test('narrows down by village', async () => {
    expect(await names('', 'v2')).toEqual(['a']);
    expect(villagesIn(await openList('household', []))).toEqual(['v1', 'v2']);
  });

  test('treats a pattern as plain text', async () => {
    expect(await names('.*')).toEqual([]);
  });
});
