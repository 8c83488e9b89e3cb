/** Opening a filling: its module, the list rows it started with, its answers, the lock against a second window. */
import type { OutboxRecord } from './db.ts';
import type { Draft } from './outbox.ts';
import { finalise, newDraft, readDraft, saveDraft } from './outbox.ts';
import type { FormModule } from './filling.ts';
import { openFilling } from './filling.ts';
import type { EntityWrite, Filling } from './filling/types.ts';
import type { FormMedia } from './formmedia.ts';
import { mediaOf } from './formmedia.ts';
import { loadModule, pickLanguage } from './forms.ts';
import { LAST_SAVED, lastSaved } from './lastsaved.ts';
import type { ListRows, WantedList } from './lists.ts';
import { openLists } from './lists.ts';
import { language } from './settings.ts';
import { currentForms, deviceId, forms, refresh, session } from './state.ts';

export interface OpenFilling {
  draft: Draft;
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
    language: pickLanguage(module.languages, language.peek(), module.default_language),
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
  return { draft, filling, lists, media: mediaOf(form) };
}

const SOON_MS = 120;

/** Where the answers of an open filling go. */
export interface Keeper {
  /** Another page of the form is in sight. */
  turned(page: number): void;
  changed(): void;
  /** Wait until everything answered so far is stored. */
  flush(): Promise<void>;
  leave(): Promise<void>;
}

/** Stores a filling's draft soon after each answer, and at once when the page is being left. */
export class DraftKeeper implements Keeper {
  private readonly opened: OpenFilling;
  private readonly onTrouble: (error: unknown) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> = Promise.resolve();
  private isOver = false;
  private isBehind = false;
  private isStored: boolean;

  constructor(opened: OpenFilling, isStored: boolean, onTrouble: (error: unknown) => void) {
    this.opened = opened;
    this.isStored = isStored;
    this.onTrouble = onTrouble;
  }

  /** Remember the page, so that the draft opens there again; looking through a new form makes no draft. */
  turned(page: number): void {
    const { body } = this.opened.draft;
    if (body.page === page) return;
    body.page = page;
    if (!this.isStored) return;
    this.changed();
    void this.flush();
  }

  /** Store soon; further answers don't put it off, so that whoever never pauses loses no more than the last. */
  changed(): void {
    this.isStored = true;
    this.timer ??= setTimeout(() => void this.flush(), SOON_MS);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.timer !== undefined && !this.isOver) {
      this.timer = undefined;
      this.isBehind = true;
      this.saving = this.saving.then(() => this.write()).catch(this.onTrouble);
    }
    return this.saving;
  }

  /** Store the draft as it stands when its turn comes: a slow phone writes the last of many answers, not each. */
  private async write(): Promise<void> {
    if (!this.isBehind) return;
    this.isBehind = false;
    const { draft, filling } = this.opened;
    draft.body.saved = filling.save();
    draft.record.name = filling.instanceName();
    await saveDraft(draft);
  }

  /** Make the draft a finalised record; a late draft must not come back after it. */
  async submit(): Promise<OutboxRecord> {
    await this.flush();
    const { draft, filling } = this.opened;
    const { answers, files } = filling.serialise();
    const name = filling.instanceName();
    draft.body.saved = filling.save();
    const record = await finalise(draft, { answers, files, name, entities: entitiesNow(filling) });
    clearTimeout(this.timer);
    this.isOver = true;
    return record;
  }

  async leave(): Promise<void> {
    if (!this.isOver) await this.flush();
    await refresh();
  }
}

/** What only takes effect on approval must not show in lists before somebody approved it. */
function entitiesNow(filling: Filling): EntityWrite[] {
  const isLater = new Map(
    filling.module.entities.map(entity => [entity.list_name, entity.when === 'approval']),
  );
  return filling.entities().filter(entity => entity.kind === 'create' || !isLater.get(entity.list_name));
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
