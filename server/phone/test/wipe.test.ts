/** Clearing the phone when the office asks: at once, later, or after the person saved what is unsent. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Result } from '../src/client.ts';
import { readMeta, store, writeMeta } from '../src/db.ts';
import { keepFile } from '../src/files.ts';
import { currentPack } from '../src/lists.ts';
import { rescueText } from '../src/rescue.ts';
import { allRecords, deviceId, refresh, session, wipe } from '../src/state.ts';
import { clearSaved, syncNow } from '../src/sync.ts';
import type { SyncAnswer, SyncRequest } from '../src/wire.ts';
import { atStake, confirmWipe, momentOf } from '../src/wipe.ts';
import { accepted, answerWith, finalised, freshPhone, recordNow, storedDraft } from './phone.ts';

const client = vi.hoisted(() => ({
  sync: vi.fn<(token: string, request: SyncRequest) => Promise<Result<SyncAnswer>>>(),
  formModule: vi.fn(),
  createFile: vi.fn(),
  appendFile: vi.fn(),
  signOut: vi.fn(),
}));
vi.mock('../src/client.ts', () => client);

const ROW = { kind: 'row', seq: 1, list: 'household', row: { name: 'h-1', label: '吴小妹' } } as const;

/** A server that asks for a wipe until it hears that it was done; returns what phones said. */
function ask(): SyncRequest[] {
  const requests: SyncRequest[] = [];
  client.sync.mockImplementation(async (_token, request) => {
    requests.push(request);
    const isDone = request.device.wipe === 'done';
    return {
      ok: true,
      data: answerWith({ wipe: !isDone, changes: [ROW], outcomes: await accepted(request.items) }),
    };
  });
  return requests;
}

async function nRows(): Promise<Record<string, number>> {
  const db = await store();
  const counts = await Promise.all(
    Array.from(db.objectStoreNames).map(async name => [name, await db.count(name)] as const),
  );
  return Object.fromEntries(counts.filter(([, n]) => n > 0));
}

const everything = (): ReadonlySet<string> => new Set(atStake.peek().map(momentOf));

beforeEach(async () => {
  vi.resetAllMocks();
  client.createFile.mockResolvedValue({ ok: false, kind: 'offline' });
  await freshPhone();
});

describe('a phone that is asked to clear itself', () => {
  test('does so when nothing is unsent, says so, and keeps only its own name', async () => {
    const requests = ask();
    const device = await deviceId();
    await syncNow();
    expect(await nRows()).toEqual({ meta: 2 });
    expect(await readMeta('device_id')).toBe(device);
    expect(session.peek()).toBeNull();
    expect(requests.map(request => request.device.wipe)).toEqual(['', 'done']);
    expect(wipe.peek()).toEqual({ state: 'done', token: '' });
  });

  test('hands in first what it can, then clears that too', async () => {
    const { instance_id } = await finalised();
    const requests = ask();
    await syncNow();
    expect(requests[0]?.items.map(item => item.instance_id)).toEqual([instance_id]);
    expect(await nRows()).toEqual({ meta: 2 });
  });

  test('keeps a draft with everything it needs, and says that it waits', async () => {
    const { record } = await storedDraft();
    const requests = ask();
    await syncNow();
    await syncNow();
    expect(atStake.peek().map(known => known.instance_id)).toEqual([record.instance_id]);
    expect(await nRows()).toMatchObject({ records: 1, bodies: 1, rows: 1 });
    expect(session.peek()?.token).toBe('token');
    expect(requests.map(request => request.device.wipe)).toEqual(['', 'waits']);
  });

  test('keeps a record whose file is still on its way', async () => {
    const photo = new TextEncoder().encode('photo').buffer;
    await finalised('一', [await keepFile(photo, 'image/jpeg', 'a.jpg')]);
    ask();
    await syncNow();
    expect(atStake.peek()).toHaveLength(1);
    expect(await nRows()).toMatchObject({ files: 1, records: 1 });
  });

  test('keeps what somebody else left on it', async () => {
    const { instance_id } = await finalised();
    const known = await recordNow(instance_id);
    await (await store()).put('records', { ...known, user_id: 'u2' });
    await refresh();
    ask();
    await syncNow();
    expect(atStake.peek().map(record => record.user_id)).toEqual(['u2']);
    expect(await nRows()).toMatchObject({ records: 1, bodies: 1 });
  });

  test('goes on as before when the office takes it back', async () => {
    await storedDraft();
    ask();
    await syncNow();
    client.sync.mockResolvedValue({ ok: true, data: answerWith({ wipe: false }) });
    await syncNow();
    expect(wipe.peek()).toBeNull();
    expect(await clearSaved(everything())).toBe(false);
    expect(await nRows()).toMatchObject({ records: 1 });
  });
});

describe('after the rescue file was saved', () => {
  test('what it holds is cleared', async () => {
    const { record } = await storedDraft('只在手机上');
    const requests = ask();
    await syncNow();
    const file = await rescueText();
    expect(await clearSaved(everything())).toBe(true);
    expect(file).toContain('只在手机上');
    expect(file).toContain(record.instance_id);
    expect(await nRows()).toEqual({ meta: 2 });
    expect(requests.at(-1)?.device.wipe).toBe('done');
  });

  test('what came or changed afterwards is kept, and all the rest with it', async () => {
    const { record } = await storedDraft();
    ask();
    await syncNow();
    const saved = everything();
    const known = await recordNow(record.instance_id);
    await (await store()).put('records', { ...known, changed_at: '2026-11-27T01:00:00.000Z' });
    await refresh();
    expect(await clearSaved(saved)).toBe(false);
    expect(await nRows()).toMatchObject({ records: 1, bodies: 1, rows: 1 });
    expect(allRecords.peek()).toHaveLength(1);
  });

  test('nothing is cleared without it', async () => {
    await storedDraft();
    ask();
    await syncNow();
    expect(await clearSaved(new Set())).toBe(false);
    expect(await nRows()).toMatchObject({ records: 1 });
  });
});

describe('a phone that was cleared', () => {
  test('stores no rows that somebody had read before', async () => {
    client.sync.mockResolvedValueOnce({ ok: true, data: answerWith({ changes: [ROW] }) });
    await syncNow();
    await writeMeta('wipe', { state: 'cleared', token: 'token' });
    expect((await currentPack('household')).n_rows).toBe(1);
    expect((await nRows())['packs']).toBeUndefined();
  });
});

describe('the last word to the server', () => {
  test('is said again until it was heard', async () => {
    ask();
    client.sync.mockResolvedValueOnce({ ok: true, data: answerWith({ wipe: true }) });
    client.sync.mockResolvedValueOnce({ ok: false, kind: 'offline' });
    await syncNow();
    expect(wipe.peek()).toEqual({ state: 'cleared', token: 'token' });
    await confirmWipe();
    expect(client.sync.mock.calls.at(-1)).toMatchObject(['token', { device: { wipe: 'done' } }]);
    expect(wipe.peek()?.state).toBe('done');
  });

  test('was heard when the token has ended', async () => {
    await writeMeta('wipe', { state: 'cleared', token: 'token' });
    client.sync.mockResolvedValue({ ok: false, kind: 'signed_out', problem: null });
    await confirmWipe();
    expect(await readMeta('wipe')).toEqual({ state: 'done', token: '' });
  });
});
