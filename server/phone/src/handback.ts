/** Bring one's own sent record to this phone from the server, to read or correct it: answers, form and files. */
import * as client from './client.ts';
import type { Body, OutboxRecord, WriteTransaction } from './db.ts';
import { store, writeStrictly } from './db.ts';
import { digestOf } from './digest.ts';
import { draftOf } from './filling.ts';
import type { Answers } from './filling/types.ts';
import { loadModule } from './forms.ts';
import { localEntities, pin } from './lists.ts';
import { progress, records, refresh, session, standing } from './state.ts';
import type { FileRef, FormChange, OwnRecord, SubmissionChange } from './wire.ts';

interface Payload {
  answers: Answers;
  meta: { started_at: string; ended_at: string };
}

/** Return the record once it is on this phone; null when the server or a part of it can't be had now. */
export async function handBack(submission: SubmissionChange): Promise<OutboxRecord | null> {
  const answer = await client.ownRecord(session.peek()?.token ?? '', submission.instance_id);
  if (!answer.ok) return null;
  const own = answer.data;
  if ((await digestOf(own.payload)) !== own.receipt.digest) return null;
  await writeStrictly(['forms'], tx => keepOldForm(tx, own.form));
  await refresh(); // the module is looked for among the forms the pages know
  const module = await loadModule(own.form.digest);
  if (module === null) return null;
  const { answers, meta } = JSON.parse(own.payload) as Payload;
  const files = filesIn(answers);
  if (!(await fetchFiles(files.filter(file => !own.receipt.files_missing.includes(file.sha256)))))
    return null;
  const lists = module.lists.map(list => list.name);
  const pinned = await pin(lists, localEntities(records.peek(), progress.peek()), standing.peek());
  const record = recordFrom(own, meta, files.length);
  const saved = { ...draftOf(module, answers), ...(own.subject === '' ? {} : { subject: own.subject }) };
  const { instance_id, payload } = own;
  return keepRecord(record, { instance_id, saved, pinned, page: 0, ...meta, payload, files }, own.form);
}

/** An older version may be needed: it stays beside the current one. */
async function keepOldForm(tx: WriteTransaction, form: FormChange): Promise<void> {
  const kept = tx.objectStore('forms');
  if ((await kept.get(form.digest)) === undefined) {
    await kept.put({ ...form, is_current: false, is_cached: false });
  }
}

function filesIn(value: unknown): FileRef[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'sha256' in value ? [value as FileRef] : Object.values(value).flatMap(filesIn);
}

/** Fetch what this phone lacks; false when one of them can't be had now. */
async function fetchFiles(files: FileRef[]): Promise<boolean> {
  const token = session.peek()?.token ?? '';
  for (const { sha256, type, name } of files) {
    if ((await (await store()).get('files', sha256)) !== undefined) continue;
    const answer = await client.file(token, sha256);
    if (!answer.ok || (await digestOf(answer.data)) !== sha256) return false;
    const stored_at = new Date().toISOString();
    await (
      await store()
    ).put('files', { sha256, content: answer.data, type, name, is_uploaded: true, stored_at });
  }
  return true;
}

function recordFrom(own: OwnRecord, meta: Payload['meta'], nFiles: number): OutboxRecord {
  return {
    instance_id: own.instance_id,
    user_id: session.peek()?.user.user_id ?? '',
    form_id: own.form_id,
    version: own.version,
    form_digest: own.form.digest,
    form_title: own.form.title,
    name: own.title,
    subject: own.subject,
    subject_list: own.subject === '' ? '' : own.form.subject_list || own.form.starts_from,
    state: 'sent',
    deprecated_id: own.deprecated_id,
    root_id: own.root_id,
    n_files: nFiles,
    n_files_waiting: 0,
    digest: own.receipt.digest,
    created_at: meta.started_at,
    changed_at: meta.ended_at,
    finalised_at: meta.ended_at,
    ordinal: 0,
    n_attempts: 1,
    outcome: 'accepted',
    receipt: own.receipt,
    entities: [],
    wants_withdrawal: false,
    is_withdrawn: false,
  };
}

/** Return the record as kept; null when this phone has another content under its id, which stays. */
export async function keepRecord(
  record: OutboxRecord,
  body: Body,
  form: FormChange,
): Promise<OutboxRecord | null> {
  const isKept = await writeStrictly(['records', 'bodies', 'forms'], async tx => {
    const known = await tx.objectStore('records').get(record.instance_id);
    if (known !== undefined && known.digest !== record.digest) return false;
    await Promise.all([tx.objectStore('records').put(record), tx.objectStore('bodies').put(body)]);
    await keepOldForm(tx, form); // a run that ended meanwhile may have dropped it: no record named it yet
    return true;
  });
  await refresh();
  return isKept ? record : null;
}
