/** Signed codes: the cases that the server is tried with, in both ways of verifying; whatever is touched is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Key, Purpose, Reading, Ring } from '../src/codes.ts';
import { readCode, verifyInScript, verifyNatively } from '../src/codes.ts';
import { utf8 } from '../src/digest.ts';

const TESTS = join(import.meta.dirname, '..', '..', '..', 'tests');
const BAD = join(TESTS, 'bad_inputs', 'codes');

interface Case {
  name: string;
  text: string;
  purpose: Purpose;
  now: string;
  card_id: string;
  expect: string;
}

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));
const good = read(TESTS, 'conformance', 'codes', 'good.json') as {
  keys: (Key & { name: string })[];
  revoked_cards: string[];
  cases: Case[];
};
const bad = readdirSync(BAD).map(name => ({ ...(read(BAD, name) as Case), name }));

const ring: Ring = {
  key: keyId => good.keys.find(key => key.name === keyId),
  isRevoked: cardId => good.revoked_cards.includes(cardId),
};
const readCase = (one: Case): Promise<Reading> => readCode(one.text, one.purpose, ring, Date.parse(one.now));

const raw = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64url'));
const text = good.cases[0]?.text ?? '';
const now = Date.parse(good.cases[0]?.now ?? '');
const whyNot = async (touched: string): Promise<string> => {
  const reading = await readCode(touched, 'door', ring, now);
  return reading.ok ? 'read' : reading.why;
};

describe('shared cases', () => {
  test.each(good.cases)('reads: $name', async one => {
    expect(await readCase(one)).toMatchObject({
      ok: true,
      token: { purpose: one.purpose, card_id: one.card_id },
    });
  });

  test.each(bad)('refuses: $name', async one => {
    expect(await readCase(one)).toEqual({ ok: false, why: one.expect });
  });
});

describe('whatever is touched', () => {
  test('is refused at every bit', async () => {
    const bytes = raw(text);
    for (let at = 0; at < bytes.length * 8; at++) {
      const touched = bytes.slice();
      touched[at >> 3] = (touched[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(await whyNot(Buffer.from(touched).toString('base64url'))).toBe('code_invalid');
    }
  });

  test('is refused at every length', async () => {
    for (let at = 0; at < text.length; at++) expect(await whyNot(text.slice(0, at))).toBe('code_invalid');
    for (let at = 1; at < text.length; at++) expect(await whyNot(text.slice(at))).toBe('code_invalid');
  });

  test('is refused for any bytes, and never throws', async () => {
    const anything = fc.uint8Array({ minLength: 94, maxLength: 94 });
    await fc.assert(
      fc.asyncProperty(anything, fc.nat(94), async (bytes, head) => {
        const touched = raw(text);
        touched.set(bytes.subarray(head), head);
        if (Buffer.from(touched).equals(Buffer.from(raw(text)))) return;
        expect(await whyNot(Buffer.from(touched).toString('base64url'))).toBe('code_invalid');
      }),
      { numRuns: 1000 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async any => {
        expect(await whyNot(any)).toBe('code_invalid');
      }),
    );
  });
});

describe('both ways of verifying', () => {
  const context = utf8('lingyan code 1\0');
  const ways = { verifyNatively, verifyInScript };

  test.each(Object.keys(ways) as (keyof typeof ways)[])('%s says what the server says', async way => {
    for (const one of [...good.cases, ...bad]) {
      const bytes = raw(one.text);
      const key = ring.key(Buffer.from(bytes.subarray(2, 6)).toString('hex'));
      if (bytes.length !== 94 || key === undefined) continue;
      const message = new Uint8Array([...context, ...bytes.subarray(0, 30)]);
      const isSigned = await ways[way](raw(key.public), bytes.slice(30), message);
      const isForged = one.expect === 'code_invalid';
      const isOtherwiseWrong = /^(padded|version|other-last|line-break|plain|flipped-version)/.test(one.name);
      if (!isOtherwiseWrong) expect([one.name, isSigned]).toEqual([one.name, !isForged]);
    }
  });

  test.each(Object.keys(ways) as (keyof typeof ways)[])('%s takes test 1 of RFC 8032', async way => {
    const [key, signature] = [
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ].map(text => new Uint8Array(Buffer.from(text, 'hex')));
    expect(key && signature && (await ways[way](key, signature, new Uint8Array(0)))).toBe(true);
  });

  test('a key that is no point of the curve verifies nothing', async () => {
    const none = new Uint8Array(32).fill(2);
    expect(await verifyInScript(none, raw(text).slice(30), context)).toBe(false);
  });
});
