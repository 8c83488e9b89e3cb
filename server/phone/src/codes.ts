/** Signed codes of badges and door cards, read without a network; says what `server/codes.py` says of the same text. */
import type { Pack } from './db.ts';
import { hex, utf8 } from './digest.ts';
import { currentPack } from './lists.ts';
import { indexOf } from './rows.ts';

export type Purpose = 'badge' | 'door';
export type Refusal =
  | 'code_invalid'
  | 'code_other_town'
  | 'code_other_purpose'
  | 'code_revoked'
  | 'code_not_yet'
  | 'code_expired';

/** A key as the list `signing_key` has it; `town` is '' for our own. */
export interface Key {
  public: string;
  state: string;
  town: string;
}

/** What a phone knows: keys by their id, and the cards that count no more. */
export interface Ring {
  key: (keyId: string) => Key | undefined;
  isRevoked: (cardId: string) => boolean;
}

export interface Token {
  purpose: Purpose | '';
  key_id: string;
  card_id: string;
  not_before: number; // seconds
  expires_at: number;
}

export type Reading = { ok: true; token: Token } | { ok: false; why: Refusal };

const VERSION = 1;
const PURPOSES: readonly (Purpose | '')[] = ['', 'badge', 'door'];
const TEXT_FORM = /^[A-Za-z0-9_-]{126}$/;
const BODY_BYTES = 30;
const SIGNATURE_BYTES = 64;
const CONTEXT = utf8('lingyan code 1\0');

/** Return what a code says if it is ours and counts now, else why not; `now` in milliseconds. */
export async function readCode(text: string, purpose: Purpose, ring: Ring, now: number): Promise<Reading> {
  const raw = decode(text);
  if (raw === null || raw[0] !== VERSION) return refused('code_invalid');
  const token = parse(raw);
  const key = ring.key(token.key_id);
  if (key === undefined || !(await isSigned(key, raw))) return refused('code_invalid');
  const why = judge(token, key, purpose, ring, now / 1000);
  return why === null ? { ok: true, token } : refused(why);
}

const refused = (why: Refusal): Reading => ({ ok: false, why });

function judge(token: Token, key: Key, purpose: Purpose, ring: Ring, now: number): Refusal | null {
  if (key.town !== '') return 'code_other_town';
  if (token.purpose !== purpose) return 'code_other_purpose';
  if (key.state === 'revoked' || ring.isRevoked(token.card_id)) return 'code_revoked';
  if (now < token.not_before) return 'code_not_yet';
  return now > token.expires_at ? 'code_expired' : null;
}

function parse(raw: Uint8Array): Token {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return {
    purpose: PURPOSES[raw[1] ?? 0] ?? '',
    key_id: hex(raw.subarray(2, 6)),
    card_id: hex(raw.subarray(6, 22)),
    not_before: view.getUint32(22),
    expires_at: view.getUint32(26),
  };
}

/** Return the bytes of a code that is written as the server writes it, else null. */
function decode(text: string): Uint8Array<ArrayBuffer> | null {
  // A dollar in JavaScript matches the end only, but a text with a line break is also longer.
  if (!TEXT_FORM.test(text)) return null;
  const raw = fromBase64url(text);
  return toBase64url(raw) === text ? raw : null;
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}

function toBase64url(raw: Uint8Array): string {
  return btoa(String.fromCharCode(...raw))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

async function isSigned(key: Key, raw: Uint8Array): Promise<boolean> {
  const message = new Uint8Array(CONTEXT.length + BODY_BYTES);
  message.set(CONTEXT);
  message.set(raw.subarray(0, BODY_BYTES), CONTEXT.length);
  const signature = raw.slice(BODY_BYTES, BODY_BYTES + SIGNATURE_BYTES);
  const verify = (await hasEd25519()) ? verifyNatively : verifyInScript;
  return verify(fromBase64url(key.public), signature, message);
}

type Bytes = Uint8Array<ArrayBuffer>;
type Verify = (publicKey: Bytes, signature: Bytes, message: Bytes) => Promise<boolean>;

export const verifyNatively: Verify = async (publicKey, signature, message) => {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, signature, message);
};

/** For phones whose WebCrypto lacks Ed25519 (Chromium before 137, iOS before 17); loaded only there. */
export const verifyInScript: Verify = async (publicKey, signature, message) => {
  const { verifyAsync } = await import('@noble/ed25519');
  try {
    return await verifyAsync(signature, message, publicKey, { zip215: false }); // strictly RFC 8032, as the server
  } catch {
    return false; // no point of the curve
  }
};

let native: Promise<boolean> | null = null;

function hasEd25519(): Promise<boolean> {
  native ??= verifyNatively(...KNOWN).catch(() => false);
  return native;
}

/** Test 1 of RFC 8032 section 7.1: key, signature, and a message that is empty. */
const KNOWN: Parameters<Verify> = [
  fromBase64url('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
  fromBase64url('5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw'),
  new Uint8Array(0),
];

/** Get ready while the person still aims: what verifies is loaded and has done its sums once, the lists are open. */
export async function warmUp(): Promise<void> {
  const ring = ownRing();
  if (!(await hasEd25519())) await verifyInScript(...KNOWN);
  await ring;
}

/** Return what this phone's lists say of keys and cards. */
export async function ownRing(): Promise<Ring> {
  const [keys, revoked] = await Promise.all([currentPack('signing_key'), currentPack('revoked_card')]);
  return {
    key: keyId => keyIn(keys, keyId),
    isRevoked: cardId => indexOf(revoked, 'name').has(cardId),
  };
}

function keyIn(pack: Pack, keyId: string): Key | undefined {
  const [at] = indexOf(pack, 'name').get(keyId) ?? [];
  if (at === undefined) return undefined;
  const text = (column: string): string => pack.columns[column]?.[at] ?? '';
  return { public: text('public'), state: text('state'), town: text('town') };
}
