/** What the phone tidies when it has time: deleted drafts, files and list packs that nothing names any more. */
import { store } from './db.ts';
import { prunePacks } from './lists.ts';

const UNDO_MS = 60 * 60 * 1000;
const ORPHAN_MS = 24 * 60 * 60 * 1000; // a photo just taken is not yet named by a stored draft
const DIGEST = /[0-9a-f]{64}/g;

export async function tidy(now = Date.now()): Promise<void> {
  await purgeDiscarded(now);
  await dropOrphanFiles(now);
  const db = await store();
  const drafts = (await db.getAll('records')).filter(record => record.state === 'draft');
  const bodies = await Promise.all(drafts.map(record => db.get('bodies', record.instance_id)));
  await prunePacks(bodies.flatMap(body => (body ? [body.pinned] : [])));
}

async function purgeDiscarded(now: number): Promise<void> {
  const tx = (await store()).transaction(['records', 'bodies'], 'readwrite');
  for (const record of await tx.objectStore('records').getAll()) {
    const isOver = record.deleted_at !== undefined && now - Date.parse(record.deleted_at) > UNDO_MS;
    if (record.state !== 'draft' || !isOver) continue;
    void tx.objectStore('records').delete(record.instance_id);
    void tx.objectStore('bodies').delete(record.instance_id);
  }
  await tx.done;
}

async function dropOrphanFiles(now: number): Promise<void> {
  const db = await store();
  const named = new Set<string>();
  for (const body of await db.getAll('bodies')) {
    for (const digest of JSON.stringify([body.saved.texts, body.files]).match(DIGEST) ?? [])
      named.add(digest);
  }
  for (const digest of await db.getAllKeys('files')) {
    const file = named.has(digest) ? undefined : await db.get('files', digest);
    if (file && now - Date.parse(file.stored_at) > ORPHAN_MS) await db.delete('files', digest);
  }
}
