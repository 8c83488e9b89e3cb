/** Published forms on the phone: their modules cached under their digest, opened without a network. */
import * as client from './client.ts';
import type { StoredForm, WriteTransaction } from './db.ts';
import { store } from './db.ts';
import { digestOf } from './digest.ts';
import type { FormModule } from './filling/form.ts';
import { cacheMedia, dropMedia } from './formmedia.ts';
import { importModule } from './modules.ts';
import { allRecords, forms, refresh } from './state.ts';
import type { FormChange } from './wire.ts';

export const FORM_CACHE = 'lingyan-forms';

const modules = new Map<string, FormModule>();

export const moduleUrl = (digest: string): string => `/forms/${digest}.js`;

/** Keep what the server says about a form; older versions stay for the drafts that started with them. */
export async function keepForm(tx: WriteTransaction, change: FormChange): Promise<void> {
  const kept = tx.objectStore('forms');
  for (const other of await kept.getAll()) {
    if (other.form_id === change.form_id && other.is_current) await kept.put({ ...other, is_current: false });
  }
  if (change.removed) return;
  const known = await kept.get(change.digest);
  await kept.put({ ...change, is_current: true, is_cached: known?.is_cached ?? false });
}

/** Fetch the modules that are not cached yet, and drop those that no draft or record needs. */
export async function cacheForms(): Promise<void> {
  const cache = typeof caches === 'undefined' ? null : await caches.open(FORM_CACHE);
  for (const form of forms.peek()) {
    if (!form.is_current) continue;
    if (!form.is_cached) await cacheForm(form);
    if (cache) await cacheMedia(cache, form);
  }
  await dropUnused(cache);
  await refresh();
}

async function cacheForm(form: StoredForm): Promise<boolean> {
  const answer = await client.formModule(form.url);
  if (!answer.ok || (await digestOf(answer.data)) !== form.digest) return false;
  if (typeof caches !== 'undefined') {
    const headers = { 'content-type': 'text/javascript; charset=utf-8' };
    await (await caches.open(FORM_CACHE)).put(moduleUrl(form.digest), new Response(answer.data, { headers }));
  }
  // Read anew: a newer version may have come while this one was fetched.
  const tx = (await store()).transaction('forms', 'readwrite');
  await tx.store.put({ ...((await tx.store.get(form.digest)) ?? form), is_cached: true });
  await tx.done;
  return true;
}

async function dropUnused(cache: Cache | null): Promise<void> {
  const used = new Set(allRecords.peek().map(record => record.form_digest));
  const isKept = (form: StoredForm): boolean => form.is_current || used.has(form.digest);
  for (const form of forms.peek().filter(each => !isKept(each))) {
    await cache?.delete(moduleUrl(form.digest));
    await (await store()).delete('forms', form.digest);
  }
  if (cache) await dropMedia(cache, forms.peek().filter(isKept));
}

/** Load a form's module; null when it is not on this phone and can't be fetched now. */
export async function loadModule(digest: string): Promise<FormModule | null> {
  const known = modules.get(digest);
  if (known) return known;
  const module = (await importModule(moduleUrl(digest))) ?? (await importedAfresh(digest));
  if (module !== null) modules.set(digest, module);
  return module;
}

/** A failed import may stick to its address until the page is loaded again: another address is another try. */
async function importedAfresh(digest: string): Promise<FormModule | null> {
  const form = forms.peek().find(stored => stored.digest === digest);
  if (form && !(await cacheForm(form))) return null;
  return importModule(`${moduleUrl(digest)}?again=${Date.now()}`);
}
