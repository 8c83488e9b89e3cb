/** Clearing this phone when the office asks: never what is unsent, unless its person saved it in a file. */
import { computed } from '@preact/signals';
import { forgetAll } from './aside.ts';
import * as client from './client.ts';
import type { OutboxRecord, Wipe } from './db.ts';
import { readMeta, store, writeMeta, writeStrictly } from './db.ts';
import { FORM_CACHE } from './forms.ts';
import { allRecords, deviceId, refresh, wipe } from './state.ts';

declare const __APP_VERSION__: string;

/** Records, also other people's, that exist nowhere else: drafts, what was not sent, files on their way. */
export const atStake = computed(() => allRecords.value.filter(isAtStake));

function isAtStake(record: OutboxRecord): boolean {
  if (record.deleted_at !== undefined || record.replaced_by !== undefined) return false;
  return record.state !== 'sent' || (record.n_files_waiting > 0 && !record.is_withdrawn);
}

/** What one record was when a rescue file was written. */
export const momentOf = (record: OutboxRecord): string => `${record.instance_id} ${record.changed_at}`;

/** What the phone says about a wipe in its next exchange. */
export function toldWipe(): '' | 'waits' {
  return wipe.peek()?.state === 'asked' && atStake.peek().length > 0 ? 'waits' : '';
}

/** Clear everything but what names this phone; false when something would be lost that is not in `saved`. */
export async function clear(saved: ReadonlySet<string> = new Set()): Promise<boolean> {
  const device = await deviceId();
  const stores = Array.from((await store()).objectStoreNames);
  const isCleared = await writeStrictly(stores, async tx => {
    const asked = (await tx.objectStore('meta').get('wipe')) as Wipe | undefined;
    const kept = (await tx.objectStore('records').getAll()).filter(isAtStake);
    if (asked?.state !== 'asked' || kept.some(record => !saved.has(momentOf(record)))) return false;
    await Promise.all(stores.map(name => tx.objectStore(name).clear()));
    await tx.objectStore('meta').put(device, 'device_id');
    await tx.objectStore('meta').put({ ...asked, state: 'cleared' }, 'wipe');
    return true;
  });
  if (!isCleared) return false;
  forgetAll();
  if (typeof caches !== 'undefined') await caches.delete(FORM_CACHE);
  await refresh();
  await confirmWipe();
  // What pages still hold in memory goes with them.
  if (typeof location !== 'undefined') location.reload();
  return true;
}

/** Tell the server that it is done; tried again until it was heard, also after a crash. */
export async function confirmWipe(): Promise<void> {
  const known = await readMeta<Wipe>('wipe');
  if (known?.state !== 'cleared') return;
  const answer = await client.sync(known.token, {
    device: { device_id: await deviceId(), app_version: __APP_VERSION__, n_unsent: 0, wipe: 'done' },
    epoch: '',
    cursor: 0,
    items: [],
    withdrawals: [],
    have: { forms: {}, scope: '' },
  });
  // Signed out: the server heard it before.
  if (!answer.ok && answer.kind !== 'signed_out') return;
  await writeMeta('wipe', { state: 'done', token: '' } satisfies Wipe);
  await refresh();
}
