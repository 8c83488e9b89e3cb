/** Drafts that the store hasn't taken yet, kept where even a page that is being closed can still write. */
import type { Draft } from './draft.ts';
import { now } from './draft.ts';
import { holdDraft } from './open.ts';
import { readDraft, saveDraft } from './outbox.ts';

const KEY = 'lingyan-aside-';

/** Keep a draft at once. IndexedDB drops what a page begins to write as it closes; localStorage has it on return. */
export function setAside({ record, body }: Draft): void {
  const draft = { record: { ...record, changed_at: now() }, body };
  try {
    localStorage.setItem(KEY + record.instance_id, JSON.stringify(draft));
  } catch {
    // Full or forbidden: then the store alone has to be quick enough.
  }
}

/** The store has everything of this draft. */
export function forget(instanceId: string): void {
  try {
    localStorage.removeItem(KEY + instanceId);
  } catch {
    // Forbidden: nothing was set aside either.
  }
}

export const forgetAll = (): void => setAsideIds().forEach(forget);

/** Store what closed pages had set aside, unless the store holds something newer. */
export async function takeUp(): Promise<void> {
  for (const instanceId of setAsideIds()) {
    const release = await holdDraft(instanceId);
    // Another window still fills it, and stores it itself.
    if (release === null) continue;
    await store(instanceId).finally(release);
  }
}

async function store(instanceId: string): Promise<void> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY + instanceId) ?? '');
    const known = await readDraft(instanceId);
    const isNewer = isDraft(found) && !(known && known.record.changed_at > found.record.changed_at);
    if (isNewer) await saveDraft(found);
    forget(instanceId);
  } catch {
    // It stays aside until the store takes it.
  }
}

function isDraft(found: unknown): found is Draft {
  return typeof found === 'object' && found !== null && 'record' in found && 'body' in found;
}

function setAsideIds(): string[] {
  try {
    const keys = Object.keys(localStorage).filter(key => key.startsWith(KEY));
    return keys.map(key => key.slice(KEY.length));
  } catch {
    return [];
  }
}
