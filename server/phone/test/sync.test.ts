import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Failure, Result } from '../src/client.ts';
import { store } from '../src/db.ts';
import { keepFile } from '../src/files.ts';
import { reopen, withdraw } from '../src/outbox.ts';
import { progress, session, submissions } from '../src/state.ts';
import { syncNow } from '../src/sync.ts';
import type { Change, SyncAnswer, SyncRequest } from '../src/wire.ts';
import { accepted, answerWith, finalised, freshPhone, receiptFor, recordNow } from './phone.ts';

const client = vi.hoisted(() => ({
  sync: vi.fn<(token: string, request: SyncRequest) => Promise<Result<SyncAnswer>>>(),
  formModule: vi.fn(),
  createFile: vi.fn<(token: string, file: { sha256: string; bytes: number }) => Promise<Result<number>>>(),
  appendFile:
    vi.fn<(token: string, digest: string, offset: number, chunk: ArrayBuffer) => Promise<Result<number>>>(),
  signOut: vi.fn(),
}));
vi.mock('../src/client.ts', () => client);

const OFFLINE: Failure = { ok: false, kind: 'offline' };
const PROBLEM = {
  code: 'payload_too_large',
  message_zh: '太大',
  message_en: 'Large',
  fix_zh: '',
  fix_en: '',
};

/** Answer every exchange like this; returns the requests that came. */
function serve(
  answer: (request: SyncRequest) => Promise<Partial<SyncAnswer>> | Partial<SyncAnswer>,
): SyncRequest[] {
  const requests: SyncRequest[] = [];
  client.sync.mockImplementation(async (_token, request) => {
    requests.push(request);
    return { ok: true, data: answerWith(await answer(request)) };
  });
  return requests;
}

const row = (name: string, seq: number, list = 'household'): Change => ({
  kind: 'row',
  seq,
  list,
  row: { name, label: name },
});

beforeEach(async () => {
  vi.resetAllMocks();
  await freshPhone();
});

describe('sending', () => {
  test('and reopening at the same moment never leave a draft under an id that the server heard of', async () => {
    for (let turns = 0; turns < 40; turns++) {
      await freshPhone();
      const { instance_id } = await finalised();
      const requests = serve(async ({ items }) => ({ outcomes: await accepted(items) }));
      const running = syncNow();
      for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve));
      await Promise.all([running, reopen(instance_id)]);
      const isSent = requests.some(({ items }) => items.some(item => item.instance_id === instance_id));
      expect((await recordNow(instance_id)).state, `after ${turns} turns`).toBe(isSent ? 'sent' : 'draft');
    }
  });

  test('marks a record sent only with a receipt for its very bytes', async () => {
    const record = await finalised();
    serve(async ({ items }) => ({ outcomes: await accepted(items) }));
    expect(await syncNow()).toBe('ok');
    expect(await recordNow(record.instance_id)).toMatchObject({
      state: 'sent',
      outcome: 'accepted',
      receipt: { seq: 7, digest: record.digest },
    });
  });

  test('keeps a record whose receipt is for other bytes', async () => {
    const record = await finalised();
    const requests = serve(async ({ items }) => ({ outcomes: await accepted(items, { digest: 'x' }) }));
    expect(await syncNow()).toMatchObject({ ok: false, problem: { code: 'receipt_differs' } });
    expect(requests).toHaveLength(1);
    expect(await recordNow(record.instance_id)).toMatchObject({
      state: 'finalised',
      problem: { code: 'receipt_differs' },
    });
  });

  test('sends nothing as sent when a portal answers', async () => {
    const record = await finalised();
    client.sync.mockResolvedValue(OFFLINE);
    expect(await syncNow()).toEqual(OFFLINE);
    expect(await recordNow(record.instance_id)).toMatchObject({ state: 'finalised', n_attempts: 1 });
  });

  test('sends at most fifty records in one request, oldest first', async () => {
    const names: string[] = [];
    for (let n = 0; n < 60; n++) names.push((await finalised(`第${n}户`)).instance_id);
    const requests = serve(async ({ items }) => ({ outcomes: await accepted(items) }));
    await syncNow();
    expect(requests.map(request => request.items.length)).toEqual([50, 10]);
    expect(requests.flatMap(request => request.items).map(item => item.instance_id)).toEqual(names);
  });

  test('shows why a record was refused, and sends the others', async () => {
    const [bad, good] = [await finalised('坏'), await finalised('好')];
    serve(async ({ items }) => ({
      outcomes: await Promise.all(
        items.map(async item =>
          item.instance_id === bad.instance_id
            ? { instance_id: item.instance_id, outcome: 'refused' as const, problem: PROBLEM }
            : {
                instance_id: item.instance_id,
                outcome: 'accepted' as const,
                receipt: await receiptFor(item),
              },
        ),
      ),
    }));
    await syncNow();
    expect(await recordNow(bad.instance_id)).toMatchObject({ state: 'failed', problem: PROBLEM });
    expect(await recordNow(good.instance_id)).toMatchObject({ state: 'sent' });
  });

  test('finds the one record that spoils a whole request', async () => {
    const [bad, good] = [await finalised('坏'), await finalised('好')];
    client.sync.mockImplementation(async (_token, { items }) =>
      items.some(item => item.instance_id === bad.instance_id)
        ? { ok: false, kind: 'problem', status: 413, problem: PROBLEM }
        : { ok: true, data: answerWith({ outcomes: await accepted(items) }) },
    );
    expect(await syncNow()).toBe('ok');
    expect(await recordNow(bad.instance_id)).toMatchObject({ state: 'failed', problem: PROBLEM });
    expect(await recordNow(good.instance_id)).toMatchObject({ state: 'sent' });
  });

  test.each(['held', 'conflict'] as const)('counts %s as received by the office', async outcome => {
    const record = await finalised();
    serve(async ({ items: [item] }) => ({
      outcomes: item ? [{ instance_id: item.instance_id, outcome, receipt: await receiptFor(item) }] : [],
    }));
    await syncNow();
    expect(await recordNow(record.instance_id)).toMatchObject({ state: 'sent', outcome });
  });

  test('goes on filling when the session ended: the token goes, the person stays', async () => {
    await finalised();
    client.sync.mockResolvedValue({ ok: false, kind: 'signed_out', problem: null });
    await syncNow();
    expect(session.value).toMatchObject({ token: '', user: { username: 'cadre01' } });
  });

  test('takes back what was withdrawn', async () => {
    const record = await finalised();
    serve(async ({ items, withdrawals }) => ({
      outcomes: await accepted(items),
      withdrawals: withdrawals.map(instance_id => ({ instance_id, outcome: 'withdrawn' as const })),
    }));
    await syncNow();
    await withdraw(record.instance_id);
    await syncNow();
    expect(await recordNow(record.instance_id)).toMatchObject({
      is_withdrawn: true,
      wants_withdrawal: false,
    });
  });
});

describe('receiving', () => {
  test('keeps rows, removals and the cursor, over several pages', async () => {
    const pages: Partial<SyncAnswer>[] = [
      { changes: [row('a', 1), row('b', 2)], cursor: 2, has_more: true },
      { changes: [{ kind: 'row', seq: 3, list: 'household', name: 'a', removed: true }], cursor: 3 },
    ];
    const requests = serve(({ cursor }) => pages[cursor === 0 ? 0 : 1] ?? {});
    await syncNow();
    expect(requests.map(request => request.cursor)).toEqual([0, 2]);
    expect(await (await store()).getAllKeys('rows')).toEqual([['household', 'b']]);
    expect(progress.value).toMatchObject({ cursor: 3, epoch: 'e1', scope: 'village' });
  });

  test('drops what it held when everything is sent anew', async () => {
    serve(() => ({ changes: [row('a', 1)], cursor: 1 }));
    await syncNow();
    serve(() => ({ changes: [row('b', 1)], cursor: 1, reset: true, scope: 'town' }));
    await syncNow();
    expect(await (await store()).getAllKeys('rows')).toEqual([['household', 'b']]);
  });

  test('offers sent records again to a restored server', async () => {
    const record = await finalised();
    serve(async ({ items }) => ({ outcomes: await accepted(items) }));
    await syncNow();
    const requests = serve(async ({ items }) => ({
      epoch: 'e2',
      outcomes: await accepted(items, { epoch: 'e2', seq: 3 }),
    }));
    await syncNow();
    expect(requests.map(({ items }) => items.map(item => item.instance_id))).toEqual([
      [],
      [record.instance_id],
    ]);
    expect(await recordNow(record.instance_id)).toMatchObject({
      state: 'sent',
      receipt: { epoch: 'e2', seq: 3 },
    });
  });

  test('learns that a record came back', async () => {
    const change: Change = {
      kind: 'submission',
      seq: 9,
      root_id: 'r',
      instance_id: 'r',
      form_id: 'visit',
      form_version: '1',
      review_state: 'returned',
      review_level: 'town',
      passed_level: 'village',
      title: '王家',
      comment: '请补',
      comments: { note: '写清楚' },
      due_on: '',
      files_missing: [],
      is_withdrawn: false,
      duplicate_of: '',
    };
    serve(() => ({ changes: [change] }));
    await syncNow();
    expect(submissions.value).toEqual([change]);
  });

  test('keeps an older form version for the drafts that began with it', async () => {
    const form = (version: string, digest: string): Change => ({
      kind: 'form',
      seq: 1,
      form_id: 'visit',
      version,
      digest,
      title: {},
      url: `/forms/${digest}.js`,
      starts_from: '',
      find: [],
      subject_list: '',
    });
    client.formModule.mockResolvedValue(OFFLINE);
    const record = await finalised();
    serve(() => ({ changes: [form('1', record.form_digest)] }));
    await syncNow();
    serve(() => ({ changes: [form('2', 'd2')] }));
    await syncNow();
    const kept = await (await store()).getAll('forms');
    expect(kept.map(({ version, is_current }) => [version, is_current]).sort()).toEqual([
      ['1', false],
      ['2', true],
    ]);
  });
});

describe('files', () => {
  async function sendWithPhoto(): Promise<string> {
    const content = new Uint8Array(600 * 1024).fill(7).buffer;
    const file = await keepFile(content, 'image/jpeg', 'a.jpg');
    const record = await finalised('一', [file]);
    serve(async ({ items }) => ({ outcomes: await accepted(items, { files_missing: [file.sha256] }) }));
    return record.instance_id;
  }

  test('go in pieces from where the server stands', async () => {
    const id = await sendWithPhoto();
    client.createFile.mockResolvedValue({ ok: true, data: 300 * 1024 });
    client.appendFile.mockImplementation((_token, _digest, offset, chunk) =>
      Promise.resolve({ ok: true, data: offset + chunk.byteLength }),
    );
    expect(await syncNow()).toBe('ok');
    expect(client.appendFile.mock.calls.map(call => call[2])).toEqual([300 * 1024, 556 * 1024]);
    expect((await recordNow(id)).n_files_waiting).toBe(0);
  });

  test('that did not arrive stay waiting, and the record says so', async () => {
    const id = await sendWithPhoto();
    client.createFile.mockResolvedValue({ ok: true, data: 0 });
    client.appendFile.mockResolvedValue(OFFLINE);
    expect(await syncNow()).toEqual(OFFLINE);
    expect(await recordNow(id)).toMatchObject({ state: 'sent', n_files_waiting: 1 });
  });
});
