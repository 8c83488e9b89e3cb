/** Events that this person runs: who is expected, who came, and check-ins taken without a network. */
import { signal } from '@preact/signals';
import type { LocalCheckIn } from './db.ts';
import { readMeta, store } from './db.ts';
import { newId } from './digest.ts';
import { finalise, newDraft } from './outbox.ts';
import { currentForms, onReload, refresh } from './state.ts';
import type { EventChange, RosterEntry } from './wire.ts';

export const CHECK_IN_FORM = 'check_in';

export const events = signal<EventChange[]>([]);
export const checkIns = signal<LocalCheckIn[]>([]);
/** What to add to this phone's clock to get the server's, as of the last exchange. */
const clockOffset = signal(0);

export type Direction = 'in' | 'out';

/** Where people are being checked in. */
export interface Spot {
  event_id: string;
  session_no: number;
  direction: Direction;
}

export interface Taken {
  state: 'taken' | 'double' | 'no_form';
  name: string;
  at: string; // when it was, of a double when the earlier one was
  check_in_id: string;
}

async function reload(): Promise<void> {
  const tx = (await store()).transaction(['events', 'check_ins']);
  const [known, came] = await Promise.all([
    tx.objectStore('events').getAll(),
    tx.objectStore('check_ins').getAll(),
  ]);
  events.value = known.sort((a, b) => (a.start_at < b.start_at ? -1 : 1));
  checkIns.value = came;
  clockOffset.value = (await readMeta<number>('clock_offset')) ?? 0;
}
onReload(reload);

export const correctedNow = (): Date => new Date(Date.now() + clockOffset.peek());

export function eventOf(eventId: string): EventChange | undefined {
  return events.value.find(event => event.event_id === eventId);
}

/** The session that is on or comes next; after all of them the last. */
export function sessionNow(event: EventChange): number {
  const now = correctedNow().toISOString();
  const next = event.sessions.find(session => now <= session.end_at);
  return (next ?? event.sessions.at(-1))?.session_no ?? 1;
}

const isAt = (one: LocalCheckIn, spot: Spot): boolean =>
  one.event_id === spot.event_id && one.session_no === spot.session_no && one.direction === spot.direction;

/** Return who is in at a session by their id: the earliest check-in that counts. */
export function presentAt(spot: Spot): Map<string, LocalCheckIn> {
  const found = new Map<string, LocalCheckIn>();
  for (const one of checkIns.value) {
    if (!isAt(one, spot) || one.state === 'dismissed' || one.state === 'unconfirmed') continue;
    const known = found.get(one.attendee_id);
    if (known === undefined || one.at < known.at) found.set(one.attendee_id, one);
  }
  return found;
}

/** Return the check-ins that wait for the organiser's word: their senders' phones were offline. */
export const waitingAt = (spot: Spot): LocalCheckIn[] =>
  checkIns.value.filter(one => isAt(one, spot) && one.state === 'unconfirmed');

/** Return those of the roster whose name, pinyin or unit begins or holds what was typed. */
export function findAttendees(event: EventChange, text: string): RosterEntry[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return event.roster;
  return event.roster.filter(
    entry =>
      entry.name.includes(wanted) ||
      entry.unit.includes(wanted) ||
      entry.pinyin.split(' ').some(reading => reading.startsWith(wanted)),
  );
}

/** Whose a badge is, as far as the lists on this phone know. */
export interface Owner {
  attendee_id: string;
  name: string;
}

/**
 * Take a badge that was scanned; `card` is the opaque id that its code holds. A badge printed after the roster came is
 * known by its owner; of one that nobody here knows, the server knows whose it is.
 */
export async function takeBadge(spot: Spot, card: string, owner: Owner | null = null): Promise<Taken> {
  const roster = eventOf(spot.event_id)?.roster ?? [];
  const entry =
    roster.find(one => one.card !== '' && one.card === card) ??
    roster.find(one => one.attendee_id === owner?.attendee_id);
  if (entry) return take(spot, entry.attendee_id, entry.name, { way: 'badge' });
  return take(spot, owner?.attendee_id ?? `card:${card}`, owner?.name ?? '', { way: 'badge', card });
}

/** Tick somebody off the list. */
export const takeByHand = (spot: Spot, entry: RosterEntry, reason: string): Promise<Taken> =>
  take(spot, entry.attendee_id, entry.name, { way: 'manual', reason });

/** Take somebody whom nobody expected. */
export const takeWalkIn = (
  spot: Spot,
  name: string,
  unit: string,
  phone: string,
  reason: string,
): Promise<Taken> =>
  take(spot, newId(), name, { way: 'manual', reason, walk_name: name, walk_unit: unit, walk_phone: phone });

type Answers = Record<string, string>;

async function take(spot: Spot, attendee: string, name: string, more: Answers): Promise<Taken> {
  const earlier = presentAt(spot).get(attendee);
  if (earlier) return { state: 'double', name, at: earlier.at, check_in_id: earlier.check_in_id };
  const at = correctedNow().toISOString();
  const id = await keep(spot, name, { ...more, ...(attendee.startsWith('card:') ? {} : { attendee }), at });
  if (id === '') return { state: 'no_form', name, at, check_in_id: '' };
  const way = more['way'] === 'badge' ? 'badge' : 'manual';
  await putLocal({
    ...spot,
    check_in_id: id,
    attendee_id: attendee,
    way,
    at,
    state: 'valid',
    name,
    is_local: true,
  });
  return { state: 'taken', name, at, check_in_id: id };
}

/** Say that a check-in was a mistake: another record that undoes it; nothing is deleted. */
export async function undo(one: LocalCheckIn): Promise<void> {
  if ((await keep(one, one.name, { way: 'manual', undoes: one.check_in_id })) === '') return;
  await putLocal({ ...one, state: 'dismissed' });
}

/** Say that somebody whose phone was offline is really here. */
export async function confirm(one: LocalCheckIn): Promise<void> {
  if ((await keep(one, one.name, { way: 'manual', confirms: one.check_in_id })) === '') return;
  await putLocal({ ...one, state: 'valid' });
}

/** Keep the wall's code that an attendee scanned without a network; it waits for the organiser. */
export async function takeWall(code: string): Promise<boolean> {
  const said = readWall(code);
  if (said === null) return false;
  return (await keep(said, '', { way: 'wall', code, at: correctedNow().toISOString() })) !== '';
}

async function keep(spot: Spot, name: string, more: Answers): Promise<string> {
  const form = currentForms.peek().find(one => one.form_id === CHECK_IN_FORM);
  if (form === undefined) return '';
  const event = events.peek().find(one => one.event_id === spot.event_id);
  const told = { event: spot.event_id, event_name: event?.name ?? '', attendee_name: name, nonce: newId() };
  const texts = Object.fromEntries(Object.entries({ ...told, ...more }).filter(([, text]) => text !== ''));
  const answers = { ...texts, session: spot.session_no, direction: spot.direction };
  const draft = await newDraft(form, [], '');
  const title = [name, event?.name ?? ''].filter(part => part !== '').join(' ');
  await finalise(draft, { answers, files: [], name: title, entities: [] });
  return draft.record.instance_id;
}

async function putLocal(one: LocalCheckIn): Promise<void> {
  await (await store()).put('check_ins', one);
  await refresh();
}

// The rotating code: server/wall_codes.py says the same, byte for byte.

export const SLOT_MS = 5000;
const VERSION = 1;
const BODY_BYTES = 23;
const MAC_BYTES = 16;

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');

/** Return the code that belongs on the wall at a moment of the server's clock. */
export async function wallCode(key: string, spot: Spot, at: Date): Promise<string> {
  const body = new Uint8Array(BODY_BYTES);
  const event = spot.event_id.replace(/-/g, '');
  body[0] = VERSION;
  for (let i = 0; i < 16; i++) body[1 + i] = parseInt(event.slice(2 * i, 2 * i + 2), 16);
  body[17] = spot.session_no;
  body[18] = spot.direction === 'in' ? 0 : 1;
  new DataView(body.buffer).setUint32(19, Math.floor(at.getTime() / SLOT_MS));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const secret = await crypto.subtle.importKey('raw', fromBase64Url(key), algorithm, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', secret, body)).subarray(0, MAC_BYTES);
  return toBase64Url(new Uint8Array([...body, ...mac]));
}

/** Return what a wall code says, unproven: only the server and organisers' phones can tell whether it is true. */
export function readWall(code: string): Spot | null {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64Url(code);
  } catch {
    return null;
  }
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes[0] !== VERSION) return null;
  const hex = Array.from(bytes.subarray(1, 17), byte => byte.toString(16).padStart(2, '0')).join('');
  const event_id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { event_id, session_no: bytes[17] ?? 0, direction: bytes[18] === 1 ? 'out' : 'in' };
}
