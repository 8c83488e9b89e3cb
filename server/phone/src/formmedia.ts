/** Pictures and sounds of forms: fetched with the form, cached under their digest, shown without a network. */
import * as client from './client.ts';
import type { StoredForm } from './db.ts';
import { digestOf } from './digest.ts';

/** Of a form's files: name as the form says it -> where it lies. */
export type FormMedia = ReadonlyMap<string, string>;

const FOLDER = '/forms/media/';

const urlOf = (sha256: string): string => FOLDER + sha256;

export function mediaOf(form: Pick<StoredForm, 'media'> | undefined): FormMedia {
  return new Map(Object.entries(form?.media ?? {}).map(([name, sha256]) => [name, urlOf(sha256)]));
}

/** Fetch what isn't cached yet; what fails now is tried again at the next exchange. */
export async function cacheMedia(cache: Cache, form: StoredForm): Promise<void> {
  for (const sha256 of new Set(Object.values(form.media ?? {}))) {
    const url = urlOf(sha256);
    if (await cache.match(url)) continue;
    const answer = await client.formMedia(url);
    if (!answer.ok || (await digestOf(answer.data.content)) !== sha256) continue;
    const headers = {
      'content-type': answer.data.type,
      'content-security-policy': "default-src 'none'; sandbox",
    };
    await cache.put(url, new Response(answer.data.content, { headers }));
  }
}

/** Drop what none of the forms names that stay on this phone. */
export async function dropMedia(cache: Cache, kept: readonly StoredForm[]): Promise<void> {
  const used = new Set(kept.flatMap(form => Object.values(form.media ?? {})).map(urlOf));
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname.startsWith(FOLDER) && !used.has(pathname)) await cache.delete(request);
  }
}
