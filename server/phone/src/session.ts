/** Signing in and out: a device token, kept until the server ends it; nothing unsent is ever left behind. */
import * as client from './client.ts';
import type { Result } from './client.ts';
import type { Session } from './db.ts';
import { readMeta, store, writeStrictly } from './db.ts';
import { clearRows } from './lists.ts';
import { allRecords, deviceId, NOWHERE, refresh, session } from './state.ts';
import { confirmWipe } from './wipe.ts';
import type { SignedIn } from './wire.ts';

export async function signIn(username: string, password: string): Promise<Result<SignedIn>> {
  await confirmWipe();
  const answer = await client.signIn({
    username,
    password,
    device_id: await deviceId(),
    device_name: deviceName(),
  });
  if (answer.ok) await keep(answer.data);
  return answer;
}

export async function keep(signedIn: SignedIn): Promise<void> {
  const known = await readMeta<Session>('session');
  const lastUser = known?.user.user_id ?? (await readMeta<string>('last_user'));
  const { token, user, town } = signedIn;
  await writeStrictly(
    ['meta', 'rows', 'stamps', 'submissions', 'reminders', 'leaves', 'events'],
    async tx => {
      // Another person may see other rows: nothing of the one before may stay in the lists.
      if (lastUser !== undefined && lastUser !== user.user_id) {
        await clearRows(tx);
        await tx.objectStore('submissions').clear();
        await tx.objectStore('reminders').clear();
        await tx.objectStore('leaves').clear();
        await tx.objectStore('events').clear();
        await tx.objectStore('meta').put(NOWHERE, 'progress');
      }
      await tx.objectStore('meta').delete('wipe'); // still asked? The next exchange says so
      await tx.objectStore('meta').put({ token, user, town }, 'session');
      await tx.objectStore('meta').put(user.user_id, 'last_user');
    },
  );
  await refresh();
  await askToStay();
}

/** Sign out; refused (false) while anything waits on this phone, drafts included. */
export async function signOut(): Promise<boolean> {
  const mine = session.peek()?.user.user_id;
  const waiting = allRecords.peek().filter(record => record.user_id === mine && !record.deleted_at);
  if (waiting.some(record => record.state !== 'sent' && record.replaced_by === undefined)) return false;
  const token = session.peek()?.token;
  if (token) await client.signOut(token);
  await (await store()).delete('meta', 'session');
  await refresh();
  return true;
}

/** Ask the browser not to clear this phone's store when space runs short. */
export async function askToStay(): Promise<boolean> {
  try {
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}

export function deviceName(): string {
  const system = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1] ?? '';
  return system.slice(0, 60);
}
