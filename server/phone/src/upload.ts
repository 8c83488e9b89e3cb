/** Files of sent records go one by one, in pieces, and resume where the line broke (tus 1.0). */
import type { Result } from './client.ts';
import * as client from './client.ts';
import type { OutboxRecord, StoredFile } from './db.ts';
import { store, writeStrictly } from './db.ts';
import { records, session, submissions } from './state.ts';
import { nFilesMissing } from './wire.ts';

const CHUNK_BYTES = 256 * 1024;
const DONE: Result<null> = { ok: true, data: null };

/** Send every file the server still waits for; stops when the line breaks, the next run resumes. */
export async function uploadFiles(): Promise<Result<null>> {
  for (const record of records.peek()) {
    if (record.state !== 'sent' || record.is_withdrawn || record.n_files === 0) continue;
    const isAsked = isStillMissing(record.instance_id);
    if (record.n_files_waiting === 0 && !isAsked) continue;
    const sent = await uploadFilesOf(record, isAsked);
    if (!sent.ok) return sent;
  }
  return DONE;
}

async function uploadFilesOf(record: OutboxRecord, isAsked: boolean): Promise<Result<null>> {
  const db = await store();
  let nWaiting = 0;
  for (const named of (await db.get('bodies', record.instance_id))?.files ?? []) {
    const file = await db.get('files', named.sha256);
    if (file === undefined || (file.is_uploaded && !isAsked)) continue;
    const sent = await uploadFile(file);
    if (!sent.ok && sent.kind !== 'problem') return sent;
    if (sent.ok) await markUploaded(file.sha256);
    else nWaiting += 1;
  }
  await writeStrictly(['records'], async tx => {
    const known = await tx.objectStore('records').get(record.instance_id);
    if (known) await tx.objectStore('records').put({ ...known, n_files_waiting: nWaiting });
  });
  return DONE;
}

/** The server's own word about missing files wins over what the phone remembers. */
function isStillMissing(instanceId: string): boolean {
  const found = submissions.peek().find(submission => submission.instance_id === instanceId);
  return found !== undefined && nFilesMissing(found) > 0;
}

async function uploadFile(file: StoredFile): Promise<Result<null>> {
  const token = session.peek()?.token ?? '';
  const size = file.content.byteLength;
  const description = { sha256: file.sha256, bytes: size, type: file.type, name: file.name };
  const begun = await client.createFile(token, description);
  if (!begun.ok) return begun;
  let offset = begun.data;
  while (offset < size) {
    const chunk = file.content.slice(offset, offset + CHUNK_BYTES);
    const answer = await client.appendFile(token, file.sha256, offset, chunk);
    if (!answer.ok) return answer;
    if (answer.data <= offset) return { ok: false, kind: 'offline' };
    offset = answer.data;
  }
  return DONE;
}

async function markUploaded(sha256: string): Promise<void> {
  await writeStrictly(['files'], async tx => {
    const file = await tx.objectStore('files').get(sha256);
    if (file) await tx.objectStore('files').put({ ...file, is_uploaded: true });
  });
}
