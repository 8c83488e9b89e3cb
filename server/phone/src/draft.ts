/** A draft as it begins: in memory, not stored yet. */
import type { Body, OutboxRecord, Pinned, StoredForm } from './db.ts';
import { newId } from './digest.ts';
import type { SavedFilling } from './filling/types.ts';

export interface Draft {
  record: OutboxRecord;
  body: Body;
}

export const now = (): string => new Date().toISOString();

/** What a draft needs to know of its form. */
type FormFacts = Pick<StoredForm, 'form_id' | 'version' | 'title' | 'digest'> &
  Partial<Pick<StoredForm, 'subject_list' | 'starts_from'>>;

/** A draft in memory that reads no lists. */
export function blankDraft(form: FormFacts): Draft {
  const record = blankRecord(form, '', '');
  const pinned: Pinned = { packs: {}, local: [], lists_cursor: 0 };
  return { record, body: blankBody(record.instance_id, form, pinned, '') };
}

export function blankRecord(form: FormFacts, subject: string, userId: string): OutboxRecord {
  const at = now();
  return {
    instance_id: newId(),
    user_id: userId,
    form_id: form.form_id,
    version: form.version,
    form_digest: form.digest,
    form_title: form.title,
    name: '',
    subject,
    subject_list: subject === '' ? '' : form.subject_list || form.starts_from || '',
    state: 'draft',
    deprecated_id: '',
    root_id: '',
    n_files: 0,
    n_files_waiting: 0,
    digest: '',
    created_at: at,
    changed_at: at,
    finalised_at: '',
    ordinal: 0,
    n_attempts: 0,
    entities: [],
    wants_withdrawal: false,
    is_withdrawn: false,
  };
}

export function blankBody(instance_id: string, form: FormFacts, pinned: Pinned, subject: string): Body {
  const saved: SavedFilling = {
    form_id: form.form_id,
    version: form.version,
    texts: {},
    counts: {},
    ...(subject === '' ? {} : { subject }),
  };
  return { instance_id, saved, pinned, page: 0, started_at: now(), ended_at: '', payload: '', files: [] };
}
