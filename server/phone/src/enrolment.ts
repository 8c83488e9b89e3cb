/** Enrolling by a code: what a slip or a link says, and the exchange for a session. */
import type { Result } from './client.ts';
import * as client from './client.ts';
import { deviceName, keep } from './session.ts';
import { deviceId } from './state.ts';
import { confirmWipe } from './wipe.ts';
import type { SignedIn } from './wire.ts';

const CODE = /^[0-9a-z]{10,64}$/;

export type Scanned = { code: string } | { other_host: string } | null;

/** Return the code in a link or a typed text; null when there is none, the host when it is another server's. */
export function readCode(text: string, host = location.host): Scanned {
  const link = asLink(text.trim());
  const written = link === null ? text : (link.hash.split(/[#/]/).pop() ?? '');
  const code = written.replace(/[\s-]/g, '').toLowerCase();
  if (!CODE.test(code)) return null;
  return link !== null && link.host !== host ? { other_host: link.host } : { code };
}

function asLink(text: string): URL | null {
  try {
    return /^https?:/i.test(text) ? new URL(text) : null;
  } catch {
    return null;
  }
}

/** Exchange a code for a session; the same phone may ask again when the answer was lost. */
export async function enrol(code: string): Promise<Result<SignedIn>> {
  await confirmWipe();
  const answer = await client.enrol({ code, device_id: await deviceId(), device_name: deviceName() });
  if (answer.ok) await keep(answer.data);
  return answer;
}
