import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as client from '../src/client.ts';
import type { SyncRequest } from '../src/wire.ts';
import { answerWith } from './phone.ts';

const REQUEST: SyncRequest = {
  device: { device_id: 'd', app_version: '1', n_unsent: 0 },
  epoch: '',
  cursor: 0,
  items: [],
  withdrawals: [],
  have: { forms: {}, scope: '' },
};
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

function network(answer: () => Response | Promise<Response>) {
  const fetched = vi.fn<typeof fetch>(async () => answer());
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe('an exchange', () => {
  test('is packed, and its digest is over the packed bytes', async () => {
    const fetched = network(() => json(answerWith()));
    await client.sync('token', REQUEST);
    const init = fetched.mock.calls[0]?.[1];
    const headers = new Headers(init?.headers);
    const body = Buffer.from(init?.body as Uint8Array);
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(headers.get('content-digest')).toBe(
      `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
    );
    expect(JSON.parse(gunzipSync(body).toString())).toEqual(REQUEST);
  });

  test('goes plain where the browser can’t pack', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    const fetched = network(() => json(answerWith()));
    await client.sync('token', REQUEST);
    const init = fetched.mock.calls[0]?.[1];
    expect(new Headers(init?.headers).has('content-encoding')).toBe(false);
    expect(JSON.parse(Buffer.from(init?.body as Uint8Array).toString())).toEqual(REQUEST);
  });

  test.each([
    ['a portal’s page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a page called JSON', () => new Response('<html>', { headers: { 'content-type': 'application/json' } })],
    ['somebody else’s JSON', () => json({ ok: true })],
    ['a portal’s refusal', () => new Response('no', { status: 403 })],
    ['no network', () => Promise.reject(new TypeError('failed'))],
  ])('takes %s for no network', async (_name, answer) => {
    network(answer);
    expect(await client.sync('token', REQUEST)).toEqual({ ok: false, kind: 'offline' });
  });

  test('says how long a busy server wants to be left alone', async () => {
    network(() => json({}, 503, { 'retry-after': '30' }));
    expect(await client.sync('token', REQUEST)).toMatchObject({ kind: 'busy', retry_after_s: 30 });
  });

  test('says that the session ended', async () => {
    network(() => json({}, 401));
    expect(await client.sync('token', REQUEST)).toMatchObject({ kind: 'signed_out' });
  });

  test('passes on the server’s reason', async () => {
    const problem = { code: 'body_too_large', message_zh: '', message_en: '', fix_zh: '', fix_en: '' };
    network(() => json({ problem }, 413));
    expect(await client.sync('token', REQUEST)).toEqual({ ok: false, kind: 'problem', status: 413, problem });
  });
});

describe('a file', () => {
  test('is declared with its digest, and goes on where the server stands', async () => {
    const fetched = network(() => new Response(null, { status: 201, headers: { 'upload-offset': '5' } }));
    const file = { sha256: 'ab', bytes: 9, type: 'image/jpeg', name: '照片.jpg' };
    expect(await client.createFile('token', file)).toEqual({ ok: true, data: 5 });
    const headers = new Headers(fetched.mock.calls[0]?.[1]?.headers);
    expect(headers.get('upload-length')).toBe('9');
    expect(headers.get('upload-metadata')).toContain(`sha256 ${btoa('ab')}`);
  });

  test('without an offset in the answer is not believed', async () => {
    network(() => new Response('ok', { status: 200 }));
    expect(await client.appendFile('token', 'ab', 0, new ArrayBuffer(1))).toEqual({
      ok: false,
      kind: 'offline',
    });
  });
});
