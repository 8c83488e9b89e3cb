/** The only place that calls the server: every call returns a result, none throws. */
import { base64, sha256, utf8 } from './digest.ts';
import type { OwnRecord, Problem, SignedIn, SyncAnswer, SyncRequest } from './wire.ts';
import { asCalendarAddress, asOwnRecord, asProblem, asSignedIn, asSyncAnswer } from './wire.ts';

export type Failure =
  | { ok: false; kind: 'offline' } // no network, a time-out, or somebody else's answer (a hotel's log-in page)
  | { ok: false; kind: 'signed_out'; problem: Problem | null }
  | { ok: false; kind: 'busy'; retry_after_s: number; problem: Problem | null }
  | { ok: false; kind: 'problem'; status: number; problem: Problem };
export type Result<T> = { ok: true; data: T } | Failure;

const TIMEOUT_MS = 60_000;
const OFFLINE: Failure = { ok: false, kind: 'offline' };

async function call(url: string, init: RequestInit, timeoutMs = TIMEOUT_MS): Promise<Response | null> {
  const abort = new AbortController();
  // The timer also bounds reading the body; aborting what has ended does nothing.
  setTimeout(() => abort.abort(), timeoutMs);
  try {
    // A portal answers with a redirect to its own page; the API never redirects.
    return await fetch(url, {
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      signal: abort.signal,
      ...init,
    });
  } catch {
    return null;
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return undefined;
  try {
    return (await response.json()) as unknown;
  } catch {
    return undefined;
  }
}

async function failureOf(response: Response): Promise<Failure> {
  const problem = asProblem(await jsonOf(response));
  const retryAfter = Number(response.headers.get('retry-after') ?? '') || 0;
  if (response.status === 401) return { ok: false, kind: 'signed_out', problem };
  if (response.status === 429 || response.status >= 500) {
    return { ok: false, kind: 'busy', retry_after_s: retryAfter, problem };
  }
  return problem === null ? OFFLINE : { ok: false, kind: 'problem', status: response.status, problem };
}

async function read<T>(response: Response | null, accept: (value: unknown) => T | null): Promise<Result<T>> {
  if (response === null) return OFFLINE;
  if (!response.ok) return failureOf(response);
  const data = accept(await jsonOf(response));
  return data === null ? OFFLINE : { ok: true, data };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

export async function signIn(body: {
  username: string;
  password: string;
  device_id: string;
  device_name: string;
}): Promise<Result<SignedIn>> {
  const headers = { 'content-type': 'application/json' };
  return read(
    await call('/api/v1/sessions', { method: 'POST', headers, body: JSON.stringify(body) }, 20_000),
    asSignedIn,
  );
}

export async function enrol(body: {
  code: string;
  device_id: string;
  device_name: string;
}): Promise<Result<SignedIn>> {
  const headers = { 'content-type': 'application/json' };
  return read(
    await call('/api/v1/enrolments', { method: 'POST', headers, body: JSON.stringify(body) }, 20_000),
    asSignedIn,
  );
}

/** Make the person's calendar address anew; null when the server can't be reached. */
export async function makeCalendar(token: string): Promise<string | null> {
  const headers = bearer(token);
  const result = await read(
    await call('/api/v1/calendar', { method: 'POST', headers }, 20_000),
    asCalendarAddress,
  );
  return result.ok ? result.data : null;
}

export async function endCalendar(token: string): Promise<boolean> {
  const headers = bearer(token);
  const response = await call('/api/v1/calendar', { method: 'DELETE', headers }, 20_000);
  return response?.ok ?? false;
}

export async function signOut(token: string): Promise<void> {
  await call('/api/v1/sessions', { method: 'DELETE', headers: bearer(token) }, 10_000);
}

/** Pack where the browser can; old web views lack CompressionStream and send the text as it is. */
async function packed(
  text: string,
): Promise<{ body: Uint8Array<ArrayBuffer>; encoding: Record<string, string> }> {
  const plain = utf8(text);
  if (typeof CompressionStream === 'undefined') return { body: plain, encoding: {} };
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  return { body, encoding: { 'content-encoding': 'gzip' } };
}

export async function sync(token: string, request: SyncRequest): Promise<Result<SyncAnswer>> {
  const { body, encoding } = await packed(JSON.stringify(request));
  const headers = {
    ...bearer(token),
    ...encoding,
    'content-type': 'application/json',
    'content-digest': `sha-256=:${base64(await sha256(body))}:`,
  };
  return read(await call('/api/v1/sync', { method: 'POST', headers, body }), asSyncAnswer);
}

/** Fetch one's own record from the server, whichever phone sent it. */
export async function ownRecord(token: string, instanceId: string): Promise<Result<OwnRecord>> {
  const url = `/api/v1/submissions/${encodeURIComponent(instanceId)}`;
  return read(await call(url, { headers: bearer(token) }), asOwnRecord);
}

/** Fetch a published form module as bytes; the caller compares their digest. */
export const formModule = (url: string): Promise<Result<ArrayBuffer>> =>
  bytesOf(call(url, { cache: 'default' }));

export async function formMedia(url: string): Promise<Result<{ content: ArrayBuffer; type: string }>> {
  const response = await call(url, { cache: 'default' });
  if (response === null) return OFFLINE;
  if (!response.ok) return failureOf(response);
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  return { ok: true, data: { content: await response.arrayBuffer(), type } };
}

async function bytesOf(calling: Promise<Response | null>): Promise<Result<ArrayBuffer>> {
  const response = await calling;
  if (response === null) return OFFLINE;
  if (!response.ok) return failureOf(response);
  return { ok: true, data: await response.arrayBuffer() };
}

const TUS = { 'tus-resumable': '1.0.0' };
const fileUrl = (digest: string): string => `/api/v1/files/${digest}`;

/** Declare a file; return how many of its bytes the server has already. */
export async function createFile(
  token: string,
  file: { sha256: string; bytes: number; type: string; name: string },
): Promise<Result<number>> {
  const metadata = (['sha256', 'type', 'name'] as const)
    .map(key => `${key} ${base64(utf8(file[key]))}`)
    .join(',');
  const headers = {
    ...bearer(token),
    ...TUS,
    'upload-length': String(file.bytes),
    'upload-metadata': metadata,
  };
  const response = await call('/api/v1/files', { method: 'POST', headers });
  return response === null ? OFFLINE : offsetOf(response);
}

export async function appendFile(
  token: string,
  digest: string,
  offset: number,
  chunk: BufferSource,
): Promise<Result<number>> {
  const headers = {
    ...bearer(token),
    ...TUS,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
  };
  const response = await call(fileUrl(digest), { method: 'PATCH', headers, body: chunk }, 120_000);
  return response === null ? OFFLINE : offsetOf(response);
}

/** Fetch a file of one's own record as bytes; the caller compares their digest. */
export const file = (token: string, digest: string): Promise<Result<ArrayBuffer>> =>
  bytesOf(call(fileUrl(digest), { headers: bearer(token) }, 120_000));

async function offsetOf(response: Response): Promise<Result<number>> {
  if (!response.ok) return failureOf(response);
  const offset = Number(response.headers.get('upload-offset') ?? 'x');
  return Number.isInteger(offset) ? { ok: true, data: offset } : OFFLINE;
}
