/** Opening a filling: its module, the list rows it started with, its answers, the lock against a second window. */
import type { Draft } from './draft.ts';
import { newDraft, readDraft, returnedFor } from './outbox.ts';
import type { FormModule } from './filling.ts';
import { openFilling } from './filling.ts';
import type { Filling } from './filling/types.ts';
import type { FormMedia } from './formmedia.ts';
import { mediaOf } from './formmedia.ts';
import { loadModule } from './forms.ts';
import { LAST_SAVED, lastSaved } from './lastsaved.ts';
import type { WantedList } from './lists.ts';
import type { ListRows } from './rows.ts';
import { openLists } from './lists.ts';
import { languageOf } from './modules.ts';
import { currentForms, deviceId, forms, session } from './state.ts';
import type { SubmissionChange } from './wire.ts';

export interface OpenFilling {
  draft: Draft;
  /** What came back, where this is its correction. */
  returned: SubmissionChange | undefined;
  filling: Filling;
  lists: ListRows;
  media: FormMedia;
}

export type NotOpen = 'form_missing' | 'record_missing';

/** Choosing among many rows goes by pinyin initials too. */
function wantedLists(module: FormModule): WantedList[] {
  return module.lists.map(list => ({ name: list.name, columns: [...list.columns, 'pinyin'] }));
}

export async function openNew(formId: string, subject: string): Promise<OpenFilling | NotOpen> {
  const form = currentForms.peek().find(known => known.form_id === formId);
  const module = form ? await loadModule(form.digest) : null;
  if (!form || module === null) return 'form_missing';
  const names = module.lists.map(list => list.name);
  const before = module.lists.filter(list => list.name === LAST_SAVED);
  const own = await Promise.all(before.map(list => lastSaved(formId, list.columns)));
  return fill(await newDraft(form, names, subject, own), module, false);
}

export async function openStored(instanceId: string): Promise<OpenFilling | NotOpen> {
  const draft = await readDraft(instanceId);
  if (draft === null) return 'record_missing';
  const module = await loadModule(draft.record.form_digest);
  return module === null ? 'form_missing' : fill(draft, module, true);
}

async function fill(draft: Draft, module: FormModule, isSaved: boolean): Promise<OpenFilling> {
  const lists = await openLists(wantedLists(module), draft.body.pinned);
  const filling = openFilling(module, {
    lists,
    language: languageOf(module),
    meta: {
      instance_id: draft.record.instance_id,
      username: session.peek()?.user.username ?? '',
      deviceid: await deviceId(),
      device_info: navigator.userAgent,
      now: () => new Date(),
    },
    ...(isSaved ? { saved: draft.body.saved, isRead: draft.record.state !== 'draft' } : {}),
    ...(draft.record.subject === '' ? {} : { subject: draft.record.subject }),
  });
  const form = forms.peek().find(known => known.digest === draft.record.form_digest);
  return { draft, returned: returnedFor(draft.record), filling, lists, media: mediaOf(form) };
}

/** Hold a draft for this window alone until `release` is called; null when another window has it. */
export async function holdDraft(instanceId: string): Promise<(() => void) | null> {
  if (!('locks' in navigator)) return () => undefined;
  return new Promise(resolve => {
    void navigator.locks.request(`lingyan-draft-${instanceId}`, { ifAvailable: true }, lock => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>(release => resolve(release));
    });
  });
}
