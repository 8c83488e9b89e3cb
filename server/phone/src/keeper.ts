/** Keeping an open filling: its draft stored soon after each answer, and finalised at its end. */
import { forget, setAside } from './aside.ts';
import type { OutboxRecord } from './db.ts';
import type { EntityWrite, Filling } from './filling/types.ts';
import type { OpenFilling } from './open.ts';
import type { Draft } from './draft.ts';
import { finalise, saveDraft } from './outbox.ts';
import { refresh } from './state.ts';

const SOON_MS = 120;

/** Where the answers of an open filling go. */
export interface Keeper {
  /** Another page of the form is in sight. */
  turned(page: number): void;
  changed(): void;
  /** The page may be gone in a moment. */
  parting(): void;
  leave(): Promise<void>;
}

/** Stores a filling's draft soon after each answer, and at once when the page is being left. */
export class DraftKeeper implements Keeper {
  private readonly opened: OpenFilling;
  private readonly onTrouble: (error: unknown) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> = Promise.resolve();
  private nChanges = 0;
  private nStored = 0;
  private isWriting = false;
  private isOver = false;
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
    this.nChanges += 1;
    this.timer ??= setTimeout(() => void this.flush(), SOON_MS);
  }

  /** Wait until everything answered so far is stored. What waits for a slow store is set aside meanwhile. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isBehind) {
      if (this.isWriting) this.setAside();
      this.saving = this.saving.then(() => this.write()).catch(this.onTrouble);
    }
    return this.saving;
  }

  parting(): void {
    if (this.isBehind) this.setAside();
    void this.flush();
  }

  /** Make the draft a finalised record; a late draft must not come back after it. */
  async submit(): Promise<OutboxRecord> {
    await this.flush();
    const { filling } = this.opened;
    const { answers, files } = filling.serialise();
    const draft = this.asItStands();
    const { name } = draft.record;
    const record = await finalise(draft, { answers, files, name, entities: entitiesNow(filling) });
    clearTimeout(this.timer);
    this.isOver = true;
    forget(record.instance_id);
    return record;
  }

  /** Store at once, not after what is being stored: whoever opens the draft again meanwhile must find all of it. */
  async leave(): Promise<void> {
    clearTimeout(this.timer);
    if (this.isBehind) this.setAside();
    const last = this.write().catch(this.onTrouble);
    this.isOver = true; // What waited its turn must not come over the answers of who opens it next.
    await Promise.all([this.saving, last]);
    await refresh();
  }

  private get isBehind(): boolean {
    return !this.isOver && this.nStored < this.nChanges;
  }

  private setAside(): void {
    setAside(this.asItStands());
  }

  /** Store the draft as it stands when its turn comes: a slow phone writes the last of many answers, not each. */
  private async write(): Promise<void> {
    if (!this.isBehind) return;
    const n = this.nChanges;
    this.isWriting = true;
    try {
      await saveDraft(this.asItStands());
    } finally {
      this.isWriting = false;
    }
    this.nStored = n;
    if (n === this.nChanges) forget(this.opened.draft.record.instance_id);
  }

  private asItStands(): Draft {
    const { draft, filling } = this.opened;
    draft.body.saved = filling.save();
    draft.record.name = filling.instanceName();
    return draft;
  }
}

/** What only takes effect on approval must not show in lists before somebody approved it. */
function entitiesNow(filling: Filling): EntityWrite[] {
  const isLater = new Map(
    filling.module.entities.map(entity => [entity.list_name, entity.when === 'approval']),
  );
  return filling.entities().filter(entity => entity.kind === 'create' || !isLater.get(entity.list_name));
}
