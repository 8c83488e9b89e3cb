/** What a scanned or typed text is: a card whose row is on this phone, a page of this server, or why neither. */
import type { Purpose, Refusal } from './codes.ts';
import { ownRing, readCode, warmUp } from './codes.ts';
import { currentPack } from './lists.ts';
import { fullRow, indexOf } from './rows.ts';
import { session } from './state.ts';
import type { Row } from './wire.ts';

export type Scanned =
  | { kind: 'card'; purpose: Purpose; card_id: string; list: string; row: Row }
  | { kind: 'page'; address: string } // enrolment, the code on the wall, and cards before anybody signed in
  | { kind: 'wall'; code: string } // an event's code, seen without a network
  | { kind: 'wall_kept' }
  | { kind: 'no_network' }
  | { kind: 'refused'; why: Refusal }
  | { kind: 'row_not_here'; purpose: Purpose }
  | { kind: 'keys_missing' }
  | { kind: 'other_server'; host: string }
  | { kind: 'not_ours' };

const PURPOSE_OF: Readonly<Record<string, Purpose>> = { '/d': 'door', '/b': 'badge' };
const PAGES: readonly string[] = ['/n', '/e'];
/** Where the rows of cards are looked for, in this order. */
const LISTS: Readonly<Record<Purpose, readonly string[]>> = {
  door: ['household'],
  badge: ['person', 'member', 'household'],
};
const SHORT_NUMBER = /^[0-9a-f]{8}$/; // how a card's number is printed under its code

/** Open the lists and what verifies, before the first code is seen. */
export async function getReady(): Promise<void> {
  await warmUp();
  for (const list of LISTS.badge) indexOf(await currentPack(list), 'card');
}

export async function decide(text: string, now: number): Promise<Scanned> {
  const address = asAddress(text);
  if (address === null) return { kind: 'not_ours' };
  const purpose = PURPOSE_OF[address.pathname];
  if (purpose === undefined && !PAGES.includes(address.pathname)) return elsewhere(address);
  if (purpose === undefined || session.peek() === null) return pageOf(address);
  return decideCard(address, purpose, now);
}

function asAddress(text: string): URL | null {
  try {
    const address = new URL(text);
    return /^https?:$/.test(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

const isHere = (address: URL): boolean => address.origin === location.origin;

function elsewhere(address: URL): Scanned {
  return isHere(address) ? { kind: 'not_ours' } : { kind: 'other_server', host: address.host };
}

function pageOf(address: URL): Scanned {
  if (!isHere(address)) return elsewhere(address);
  const code = address.hash.slice(1);
  if (address.pathname === '/n') return { kind: 'page', address: `/app/#/enrol/${code}` };
  if (navigator.onLine) return { kind: 'page', address: address.pathname + address.hash };
  return address.pathname === '/e' && session.peek() !== null
    ? { kind: 'wall', code }
    : { kind: 'no_network' };
}

/** A card of ours counts by its signature, under whatever name its printer knew this server. */
async function decideCard(address: URL, purpose: Purpose, now: number): Promise<Scanned> {
  if ((await currentPack('signing_key')).n_rows === 0) return { kind: 'keys_missing' };
  const reading = await readCode(address.hash.slice(1), purpose, await ownRing(), now);
  if (!reading.ok) {
    return reading.why === 'code_invalid' && !isHere(address)
      ? elsewhere(address)
      : { kind: 'refused', why: reading.why };
  }
  const card_id = reading.token.card_id;
  const found = await findCard(purpose, card_id);
  return found === null ? { kind: 'row_not_here', purpose } : { kind: 'card', purpose, card_id, ...found };
}

/** Return the row whose card it is, if a list on this phone has it. */
export async function findCard(purpose: Purpose, cardId: string): Promise<Match | null> {
  for (const list of LISTS[purpose]) {
    const pack = await currentPack(list);
    const [at] = indexOf(pack, 'card').get(cardId) ?? [];
    if (at !== undefined) return { list, row: fullRow(pack, at) };
  }
  return null;
}

export interface Match {
  list: string;
  row: Row;
}

/** Return the rows that a typed number means: what stands under a card's code, or a household's number. */
export async function findTyped(text: string): Promise<Match[]> {
  const number = text.replaceAll(/[\s-]/g, '').toLowerCase();
  const found: Match[] = [];
  for (const list of ['household', 'person', 'member']) {
    const pack = await currentPack(list);
    const cards = pack.columns['card'] ?? [];
    const numbers = pack.columns['hh_no'] ?? [];
    for (let at = 0; at < pack.n_rows; at++) {
      const isCard = SHORT_NUMBER.test(number) && (cards[at] ?? '').startsWith(number);
      if (isCard || (number !== '' && numbers[at] === number)) found.push({ list, row: fullRow(pack, at) });
    }
  }
  return found;
}

/** Whether a typed text is a whole address, which is then decided like a scanned one. */
export const isWholeCode = (text: string): boolean => asAddress(text) !== null;
