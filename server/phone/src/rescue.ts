/** One file with everything this phone holds, for the day when nothing else works. */
import { store } from './db.ts';
import { base64 } from './digest.ts';
import { deviceId, session } from './state.ts';

declare const __APP_VERSION__: string;

/** Return the whole store as JSON text: records with their answers, and files as base64. */
export async function rescueText(): Promise<string> {
  const db = await store();
  const [kept, bodies, files] = await Promise.all([
    db.getAll('records'),
    db.getAll('bodies'),
    db.getAll('files'),
  ]);
  const byId = new Map(bodies.map(body => [body.instance_id, body]));
  return JSON.stringify({
    app: 'lingyan',
    app_version: __APP_VERSION__,
    exported_at: new Date().toISOString(),
    device_id: await deviceId(),
    user: session.peek()?.user ?? null,
    records: kept.map(record => ({ ...record, body: byId.get(record.instance_id) ?? null })),
    files: files.map(({ content, ...file }) => ({ ...file, base64: base64(new Uint8Array(content)) })),
  });
}

/** Write the whole store to a file that the person keeps. */
export async function saveRescueFile(): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  download(await rescueText(), `lingyan-${session.peek()?.user.username ?? 'phone'}-${day}.json`);
}

/** Offer a text as a download. */
export function download(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
