/** A record's life on the phone: draft, finalised (on disk, read back, compared), withdrawn, deleted with undo. */
import type { LocalEntity, OutboxRecord, StoredForm, WriteTransaction } from './db.ts';
import { store, writeStrictly } from './db.ts';
import { digestOf, newId } from './digest.ts';
import type { Draft } from './draft.ts';
import { blankBody, blankRecord, now } from './draft.ts';
import type { EntityWrite, FileRef } from './filling/types.ts';
import { LAST_SAVED } from './lastsaved.ts';
import { localEntities, pin } from './lists.ts';
import { allRecords, progress, records, refresh, session, standing, submissions } from './state.ts';
import type { SubmissionChange } from './wire.ts';

/** What a filling hands over when it is finished. */
export interface Finished {
  answers: object;
  files: FileRef[];
  name: string;
  entities: readonly EntityWrite[];
}

/** Make a draft in memory, with the list rows it starts from; it is stored at its first answer. */
export async function newDraft(
  form: StoredForm,
  lists: string[],
  subject: string,
  added: readonly LocalEntity[] = [],
): Promise<Draft> {
  const own = [...localEntities(records.peek(), progress.peek()), ...added];
  const pinned = await pin(lists, own, standing.peek());
  const record = blankRecord(form, subject, session.peek()?.user.user_id ?? '');
  return { record, body: blankBody(record.instance_id, form, pinned, subject) };
}

export async function readDraft(instanceId: string): Promise<Draft | null> {
  const db = await store();
  const [record, body] = await Promise.all([db.get('records', instanceId), db.get('bodies', instanceId)]);
  return record && body ? { record, body } : null;
}

/** Store a draft, which is wanted again if it was put aside; a record finalised in another tab stays as it is. */
export async function saveDraft(draft: Draft): Promise<void> {
  const tx = (await store()).transaction(['records', 'bodies'], 'readwrite');
  const known = await tx.objectStore('records').get(draft.record.instance_id);
  if (known === undefined || known.state === 'draft') {
    draft.record.changed_at = now();
    delete draft.record.deleted_at;
    void tx.objectStore('records').put(draft.record);
    void tx.objectStore('bodies').put(draft.body);
  }
  await tx.done;
}

export class NotSaved extends Error {
  readonly code: 'file_missing' | 'read_back_differs' | 'not_a_draft';
  constructor(code: NotSaved['code']) {
    super(code);
    this.code = code;
  }
}

/** Make the draft a finalised record: written strictly, read back, compared. Only then may "saved" be shown. */
export async function finalise(draft: Draft, finished: Finished): Promise<OutboxRecord> {
  const at = now();
  const payload = payloadOf(draft, finished, at);
  const digest = await digestOf(payload);
  const record: OutboxRecord = {
    ...draft.record,
    state: 'finalised',
    name: finished.name,
    digest,
    n_files: finished.files.length,
    n_files_waiting: finished.files.length,
    changed_at: at,
    finalised_at: at,
    entities: finished.entities.map(({ list_name, entity_id, kind, label, data }) => ({
      list_name,
      entity_id,
      kind,
      label,
      data: { ...data },
    })),
  };
  await verifyFiles(finished.files);
  await writeStrictly(['records', 'bodies', 'meta'], async tx => {
    const known = await tx.objectStore('records').get(record.instance_id);
    if (known !== undefined && known.state !== 'draft') throw new NotSaved('not_a_draft');
    record.ordinal = await nextOrdinal(tx);
    const body = { ...draft.body, payload, ended_at: at, files: finished.files };
    await Promise.all([tx.objectStore('records').put(record), tx.objectStore('bodies').put(body)]);
  });
  await readBack(record.instance_id, digest);
  await refresh();
  return record;
}

async function nextOrdinal(tx: WriteTransaction): Promise<number> {
  const last = await tx.objectStore('meta').get('ordinal');
  const next = (typeof last === 'number' ? last : 0) + 1;
  await tx.objectStore('meta').put(next, 'ordinal');
  return next;
}

function payloadOf(draft: Draft, finished: Finished, endedAt: string): string {
  const { record, body } = draft;
  return JSON.stringify({
    instance_id: record.instance_id,
    form_id: record.form_id,
    version: record.version,
    ...(record.deprecated_id === '' ? {} : { deprecated_id: record.deprecated_id }),
    answers: finished.answers,
    meta: {
      started_at: body.started_at,
      ended_at: endedAt,
      utc_offset_min: -new Date(endedAt).getTimezoneOffset(),
      lists_cursor: body.pinned.lists_cursor,
    },
  });
}

async function verifyFiles(files: readonly FileRef[]): Promise<void> {
  const db = await store();
  for (const file of files) {
    const stored = await db.get('files', file.sha256);
    if (stored === undefined || (await digestOf(stored.content)) !== file.sha256) {
      throw new NotSaved('file_missing');
    }
  }
}

async function readBack(instanceId: string, digest: string): Promise<void> {
  const body = await (await store()).get('bodies', instanceId);
  if (body === undefined || (await digestOf(body.payload)) !== digest)
    throw new NotSaved('read_back_differs');
}

async function change(instanceId: string, edit: (record: OutboxRecord) => void): Promise<void> {
  await writeStrictly(['records'], async tx => {
    const record = await tx.objectStore('records').get(instanceId);
    if (record === undefined) return;
    edit(record);
    await tx.objectStore('records').put(record);
  });
  await refresh();
}

/** Put a draft aside; `restore` brings it back, `purge` ends it. Anything but a draft stays. */
export const discard = (instanceId: string): Promise<void> =>
  change(instanceId, record => {
    if (record.state === 'draft') record.deleted_at = now();
  });

export const restore = (instanceId: string): Promise<void> =>
  change(instanceId, record => delete record.deleted_at);

/** Ask the server to take the record back; it agrees only before somebody reviewed it. */
export const withdraw = (instanceId: string): Promise<void> =>
  change(instanceId, record => {
    record.wants_withdrawal = record.state === 'sent';
    delete record.withdrawal_problem;
  });

/** Offer a refused record once more, unchanged. */
export const retry = (instanceId: string): Promise<void> =>
  change(instanceId, record => {
    if (record.state === 'failed') record.state = 'finalised';
  });

/**
 * Turn a record that was not taken back into a draft. One that never left the phone keeps its id; after an
 * attempt the server may know it, so the draft is a copy under a new id and the old one stays, marked replaced.
 */
export async function reopen(instanceId: string): Promise<string> {
  const reopened = await writeStrictly(['records', 'bodies'], async tx => {
    // Read here: a run that is sending it meanwhile has counted its attempt before, or finds a draft after.
    const record = await tx.objectStore('records').get(instanceId);
    const body = await tx.objectStore('bodies').get(instanceId);
    if (!record || !body || record.state === 'draft' || record.state === 'sent') return instanceId;
    const isCopy = record.n_attempts > 0;
    if (isCopy && record.state !== 'failed') return instanceId;
    const draft = draftFrom({ record, body }, isCopy ? newId() : instanceId);
    if (isCopy) await tx.objectStore('records').put({ ...record, replaced_by: draft.record.instance_id });
    await tx.objectStore('records').put(draft.record);
    await tx.objectStore('bodies').put(draft.body);
    return draft.record.instance_id;
  });
  await refresh();
  return reopened;
}

function draftFrom(old: Draft, instanceId: string): Draft {
  const { outcome, receipt, problem, office, ...rest } = old.record;
  const fresh: OutboxRecord = {
    ...rest,
    instance_id: instanceId,
    state: 'draft',
    digest: '',
    finalised_at: '',
    changed_at: now(),
    n_attempts: 0,
    entities: [],
    wants_withdrawal: false,
    is_withdrawn: false,
  };
  return {
    record: fresh,
    body: { ...old.body, instance_id: instanceId, payload: '', ended_at: '', files: [] },
  };
}

/** Whether the office keeps it apart: what the server says of a record under its id is about another content. */
export function isApart(record: OutboxRecord): boolean {
  const wasApart = record.outcome === 'held' || record.outcome === 'conflict';
  return wasApart && record.office?.state !== 'taken';
}

/** Return the version that the record is on the server, '' for none. */
export function versionOf(record: OutboxRecord): string {
  if (isApart(record)) return '';
  return record.office?.taken_as || record.instance_id;
}

/** Return the record on this phone that a returned submission is about. */
export function recordOf(submission: SubmissionChange): OutboxRecord | undefined {
  return records.value.find(record => versionOf(record) === submission.instance_id);
}

/** Return the finished record that replaces this one, sent or not. */
export function correctionOf(record: OutboxRecord): OutboxRecord | undefined {
  return records.value.find(
    other => other.deprecated_id === versionOf(record) && other.state !== 'draft' && !other.is_withdrawn,
  );
}

export function submissionOf(record: OutboxRecord): SubmissionChange | undefined {
  const version = versionOf(record);
  if (version === '') return undefined;
  const root = record.office?.root_id || record.instance_id;
  return submissions.value.find(found => found.instance_id === version || found.root_id === root);
}

/** Open the returned record's answers in a new draft that replaces it, or the draft begun before. */
export async function startCorrection(submission: SubmissionChange, lists: string[]): Promise<string | null> {
  const begun = records
    .peek()
    .find(record => record.deprecated_id === submission.instance_id && record.state !== 'sent');
  if (begun) return begun.instance_id;
  const old = await readDraft(recordOf(submission)?.instance_id ?? '');
  if (old === null) return null;
  const draft = draftFrom(old, newId());
  draft.record.deprecated_id = submission.instance_id;
  draft.record.root_id = submission.root_id;
  draft.record.created_at = now();
  draft.body.started_at = now();
  draft.body.page = 0;
  // Rows as they are now, but the record saved before as it was when this one was begun.
  const before = old.body.pinned.local.filter(row => row.list_name === LAST_SAVED);
  const own = [...localEntities(records.peek(), progress.peek()), ...before];
  draft.body.pinned = await pin(lists, own, standing.peek());
  draft.body.saved = { ...draft.body.saved, isOutdated: true };
  await saveDraft(draft);
  await refresh();
  return draft.record.instance_id;
}

/** Return the submission that a correction answers. */
export function returnedFor(record: OutboxRecord): SubmissionChange | undefined {
  if (record.deprecated_id === '') return undefined;
  const old = allRecords.peek().find(known => known.instance_id === record.deprecated_id);
  const root = old === undefined || old.root_id === '' ? record.deprecated_id : old.root_id;
  return submissions
    .peek()
    .find(found => found.instance_id === record.deprecated_id || found.root_id === root);
}
