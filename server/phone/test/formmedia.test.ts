import { beforeEach, expect, test, vi } from 'vitest';
import type { StoredForm } from '../src/db.ts';
import { digestOf } from '../src/digest.ts';
import { cacheMedia, dropMedia, mediaOf } from '../src/formmedia.ts';
import { FORM } from './phone.ts';

const client = vi.hoisted(() => ({ formMedia: vi.fn() }));
vi.mock('../src/client.ts', () => client);

/** As much of a browser's cache as is used. */
class Kept {
  readonly answers = new Map<string, Response>();
  match(url: string): Promise<Response | undefined> {
    return Promise.resolve(this.answers.get(url));
  }
  put(url: string, answer: Response): Promise<void> {
    this.answers.set(url, answer);
    return Promise.resolve();
  }
  keys(): Promise<Request[]> {
    return Promise.resolve([...this.answers.keys()].map(url => new Request(`https://town.example${url}`)));
  }
  delete({ url }: Request): Promise<boolean> {
    return Promise.resolve(this.answers.delete(new URL(url).pathname));
  }
}

const picture = new TextEncoder().encode('a picture').buffer;
const sha256 = await digestOf(picture);
const url = `/forms/media/${sha256}`;
const form: StoredForm = { ...FORM, media: { 'a.png': sha256, '图.png': sha256 } };
let kept: Kept;
let cache: Cache;

beforeEach(() => {
  kept = new Kept();
  cache = kept as unknown as Cache;
  client.formMedia.mockReset();
  client.formMedia.mockResolvedValue({ ok: true, data: { content: picture, type: 'image/png' } });
});

test('a file is fetched once, whatever it is called, and kept under its digest', async () => {
  await cacheMedia(cache, form);
  await cacheMedia(cache, form);
  expect(client.formMedia.mock.calls).toEqual([[url]]);
  expect(kept.answers.get(url)?.headers.get('content-type')).toBe('image/png');
  expect([...mediaOf(form)]).toEqual([
    ['a.png', url],
    ['图.png', url],
  ]);
});

test('what came damaged, or not at all, is asked for again', async () => {
  client.formMedia.mockResolvedValueOnce({
    ok: true,
    data: { content: new ArrayBuffer(3), type: 'image/png' },
  });
  await cacheMedia(cache, form);
  client.formMedia.mockResolvedValueOnce({ ok: false, kind: 'offline' });
  await cacheMedia(cache, form);
  expect(kept.answers.size).toBe(0);
  await cacheMedia(cache, form);
  expect(kept.answers.size).toBe(1);
});

test('what no form on the phone names is dropped, modules are left', async () => {
  await cacheMedia(cache, form);
  kept.answers.set('/forms/f.js', new Response(''));
  await dropMedia(cache, [form]);
  expect(kept.answers.size).toBe(2);
  await dropMedia(cache, [FORM]);
  expect([...kept.answers.keys()]).toEqual(['/forms/f.js']);
});
