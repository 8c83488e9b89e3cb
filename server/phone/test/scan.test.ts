/** What a scanned text is: which row, which page, or why neither. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { store, writeStrictly } from '../src/db.ts';
import { applyRows } from '../src/lists.ts';
import { decide, findTyped, isWholeCode } from '../src/scan.ts';
import { refresh } from '../src/state.ts';
import type { Row } from '../src/wire.ts';
import { freshPhone } from './phone.ts';

const PATH = join(import.meta.dirname, '..', '..', '..', 'tests', 'conformance', 'codes', 'good.json');
const good = JSON.parse(readFileSync(PATH, 'utf8')) as {
  keys: Row[];
  revoked_cards: string[];
  cases: { text: string; card_id: string; now: string }[];
};
const [door, badge] = good.cases;
const NOW = Date.parse(door?.now ?? '');
const HERE = 'https://lingyan.example.com';
const doorAddress = `${HERE}/d#${door?.text ?? ''}`;
const badgeAddress = `${HERE}/b#${badge?.text ?? ''}`;
const HOUSEHOLD = { name: 'h-1', label: '吴小妹', card: door?.card_id ?? '', hh_no: '3209811009010001' };
const PERSON = { name: 'p-1', label: '陈守望', card: badge?.card_id ?? '' };

async function keep(list: string, rows: Row[]): Promise<void> {
  await writeStrictly(['rows', 'stamps'], tx =>
    applyRows(
      tx,
      rows.map(row => ({ kind: 'row', seq: 1, list, name: row['name'] ?? '', row })),
    ),
  );
}

beforeEach(async () => {
  vi.stubGlobal('location', new URL(`${HERE}/app/`));
  vi.stubGlobal('navigator', { onLine: true });
  await freshPhone();
  await keep('signing_key', good.keys);
  await keep(
    'revoked_card',
    good.revoked_cards.map(name => ({ name })),
  );
  await keep('household', [HOUSEHOLD, { name: 'h-2', label: '无卡', hh_no: '3209811009010002' }]);
  await keep('person', [PERSON]);
});

describe('a card', () => {
  test('on a door is its household', async () => {
    expect(await decide(doorAddress, NOW)).toMatchObject({
      kind: 'card',
      purpose: 'door',
      list: 'household',
      row: { name: 'h-1' },
    });
  });

  test('on a badge is its person', async () => {
    expect(await decide(badgeAddress, NOW)).toMatchObject({
      kind: 'card',
      purpose: 'badge',
      list: 'person',
      row: { name: 'p-1' },
    });
  });

  test('counts under another name of this server: its signature says whose it is', async () => {
    expect(await decide(doorAddress.replace(HERE, 'https://192.0.2.7:8443'), NOW)).toMatchObject({
      kind: 'card',
    });
  });

  test('is said not to be here when its row is not', async () => {
    await keep('household', [{ ...HOUSEHOLD, card: '' }]);
    expect(await decide(doorAddress, NOW)).toEqual({ kind: 'row_not_here', purpose: 'door' });
  });

  test('is refused with the reason', async () => {
    expect(await decide(doorAddress.replace('/d#', '/b#'), NOW)).toEqual({
      kind: 'refused',
      why: 'code_other_purpose',
    });
    expect(await decide(`${doorAddress}A`, NOW)).toEqual({ kind: 'refused', why: 'code_invalid' });
    expect(await decide(doorAddress, NOW + 1e12)).toEqual({ kind: 'refused', why: 'code_expired' });
    await keep('revoked_card', [{ name: HOUSEHOLD.card }]);
    expect(await decide(doorAddress, NOW)).toEqual({ kind: 'refused', why: 'code_revoked' });
  });

  test('can not be checked before the keys are here', async () => {
    await freshPhone();
    expect(await decide(doorAddress, NOW)).toEqual({ kind: 'keys_missing' });
  });

  test('opens its public page before anybody signed in', async () => {
    await (await store()).delete('meta', 'session');
    await refresh();
    expect(await decide(doorAddress, NOW)).toEqual({ kind: 'page', address: `/d#${door?.text ?? ''}` });
  });
});

describe('another text', () => {
  test.each([
    [`${HERE}/n#abc`, '/app/#/enrol/abc'],
    [`${HERE}/e#abc`, '/e#abc'],
  ])('%s is a page of this server', async (text, address) => {
    expect(await decide(text, NOW)).toEqual({ kind: 'page', address });
  });

  test.each([
    'https://elsewhere.example/n#abc',
    'https://elsewhere.example/d#abc',
    'http://elsewhere.example/',
  ])('%s is another server', async text => {
    expect(await decide(text, NOW)).toEqual({ kind: 'other_server', host: 'elsewhere.example' });
  });

  test.each(['', 'hello', 'javascript:alert(1)', 'data:text/html,x', `${HERE}/app/`, 'WIFI:S:x;;', '\ud800'])(
    '%j is not ours',
    async text => {
      expect(await decide(text, NOW)).toEqual({ kind: 'not_ours' });
    },
  );

  test('an event’s code is kept without a network, by whoever is signed in', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    expect(await decide(`${HERE}/e#abc`, NOW)).toEqual({ kind: 'wall', code: 'abc' });
    await (await store()).delete('meta', 'session');
    await refresh();
    expect(await decide(`${HERE}/e#abc`, NOW)).toEqual({ kind: 'no_network' });
    expect(await decide(doorAddress, NOW)).toEqual({ kind: 'no_network' });
  });

  test('ten kilobytes are refused', async () => {
    expect(await decide(`${HERE}/d#${'A'.repeat(10_000)}`, NOW)).toEqual({
      kind: 'refused',
      why: 'code_invalid',
    });
  });
});

describe('a typed number', () => {
  test.each(['00112233', '0011 2233', '0011-2233', '3209811009010001'])(
    '%s finds its household',
    async text => {
      expect((await findTyped(text)).map(found => found.row['name'])).toEqual(['h-1']);
    },
  );

  test('finds a person by the number under the badge', async () => {
    expect((await findTyped('FFEEDDCC')).map(found => found.list)).toEqual(['person']);
  });

  test.each(['', ' ', '0', '001122', '99999999'])('%j finds nothing', async text => {
    expect(await findTyped(text)).toEqual([]);
  });

  test('may be the whole address', () => {
    expect(isWholeCode(doorAddress)).toBe(true);
    expect(isWholeCode('00112233')).toBe(false);
  });
});
