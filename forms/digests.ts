/**
 * `digest()` of the runtime: MD5, SHA-1 and SHA-2 of a text's UTF-8, at once, which the browser's own are not.
 *
 * Words are BigInts, so that one function serves both word sizes of SHA-2; its constants are the fractions of the
 * roots of primes, as FIPS 180-4 defines them. The same as `hashlib` on the server.
 */

interface Size {
  readonly word: bigint; // bits
  readonly rounds: number;
  /** Rotations of the two sums, then of the two schedule functions, whose last is a shift. */
  readonly turns: readonly (readonly [bigint, bigint, bigint])[];
}

const SHORT: Size = {
  word: 32n,
  rounds: 64,
  turns: [
    [2n, 13n, 22n],
    [6n, 11n, 25n],
    [7n, 18n, 3n],
    [17n, 19n, 10n],
  ],
};
const LONG: Size = {
  word: 64n,
  rounds: 80,
  turns: [
    [28n, 34n, 39n],
    [14n, 18n, 41n],
    [1n, 8n, 7n],
    [19n, 61n, 6n],
  ],
};
let known: readonly bigint[] | undefined;

/** The first 80 primes, counted when first asked for. */
const primes = (): readonly bigint[] => (known ??= firstPrimes(80));

/** The digest of a text, in base64 or hex; '' for an algorithm or encoding that is not known. */
export function digest(text: string, algorithm: string, encoding = 'base64'): string {
  const made = ALGORITHMS[algorithm.toUpperCase()]?.(new TextEncoder().encode(text));
  if (!made) return '';
  if (encoding === 'hex') return Array.from(made, byte => byte.toString(16).padStart(2, '0')).join('');
  return encoding === 'base64' ? btoa(String.fromCharCode(...made)) : '';
}

const ALGORITHMS: Readonly<Record<string, ((bytes: Uint8Array) => number[]) | undefined>> = {
  MD5: md5,
  'SHA-1': sha1,
  'SHA-256': bytes => sha2(bytes, SHORT, primes().slice(0, 8)),
  'SHA-384': bytes => sha2(bytes, LONG, primes().slice(8, 16)).slice(0, 48),
  'SHA-512': bytes => sha2(bytes, LONG, primes().slice(0, 8)),
};

function firstPrimes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let each = 2n; found.length < count; each += 1n)
    if (found.every(p => each % p !== 0n)) found.push(each);
  return found;
}

/** The first `word` bits after the point of a prime's square or cube root. */
function fraction(prime: bigint, root: bigint, word: bigint): bigint {
  const scaled = prime << (root * word);
  let low = 0n;
  for (let bit = 1n << (word + 5n); bit > 0n; bit >>= 1n) if ((low | bit) ** root <= scaled) low |= bit;
  return BigInt.asUintN(Number(word), low);
}

/** Blocks of sixteen words: the text, a one, zeros, and the length in bits. */
function blocks(bytes: Uint8Array, wordBytes: number, isLittle = false): bigint[][] {
  const size = 16 * wordBytes;
  const tail = 2 * wordBytes;
  const padded = new Uint8Array(Math.ceil((bytes.length + 1 + tail) / size) * size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n, isLittle);
  const read = (at: number): bigint =>
    wordBytes === 8 ? view.getBigUint64(at) : BigInt(view.getUint32(at, isLittle));
  const words = Array.from({ length: padded.length / wordBytes }, (_, index) => read(index * wordBytes));
  return Array.from({ length: words.length / 16 }, (_, index) => words.slice(index * 16, index * 16 + 16));
}

function bytesOf(words: readonly bigint[], wordBytes: number, isLittle = false): number[] {
  return words.flatMap(word => {
    const bytes = Array.from({ length: wordBytes }, (_, at) => Number((word >> BigInt(8 * at)) & 255n));
    return isLittle ? bytes : bytes.reverse();
  });
}

function sha2(bytes: Uint8Array, { word, rounds, turns }: Size, seeds: readonly bigint[]): number[] {
  const cut = (value: bigint): bigint => BigInt.asUintN(Number(word), value);
  const turn = (value: bigint, by: bigint): bigint => cut((value >> by) | (value << (word - by)));
  const mix = (value: bigint, which: number): bigint => {
    const [one = 0n, two = 0n, three = 0n] = turns[which] ?? [];
    return turn(value, one) ^ turn(value, two) ^ (which < 2 ? turn(value, three) : value >> three);
  };
  const keys = primes().slice(0, rounds).map(prime => fraction(prime, 3n, word));
  let state = seeds.map(prime => fraction(prime, 2n, word));
  for (const w of blocks(bytes, Number(word) / 8)) {
    for (let t = 16; t < rounds; t += 1)
      w.push(cut(mix(at(w, t - 2), 3) + at(w, t - 7) + mix(at(w, t - 15), 2) + at(w, t - 16)));
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
    for (let t = 0; t < rounds; t += 1) {
      const one = h + mix(e, 1) + ((e & f) ^ (~e & g)) + at(keys, t) + at(w, t);
      const two = mix(a, 0) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [cut(one + two), a, b, c, cut(d + one), e, f, g];
    }
    state = [a, b, c, d, e, f, g, h].map((each, index) => cut(each + at(state, index)));
  }
  return bytesOf(state, Number(word) / 8);
}

const at = (words: readonly bigint[], index: number): bigint => words[index] ?? 0n;
const cut32 = (value: bigint): bigint => BigInt.asUintN(32, value);
const left = (value: bigint, by: number): bigint =>
  cut32((value << BigInt(by)) | (cut32(value) >> BigInt(32 - by)));

function sha1(bytes: Uint8Array): number[] {
  const keys = [0x5a827999n, 0x6ed9eba1n, 0x8f1bbcdcn, 0xca62c1d6n];
  let state = [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n];
  for (const w of blocks(bytes, 4)) {
    for (let t = 16; t < 80; t += 1)
      w.push(left(at(w, t - 3) ^ at(w, t - 8) ^ at(w, t - 14) ^ at(w, t - 16), 1));
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = state;
    for (let t = 0; t < 80; t += 1) {
      const phase = Math.floor(t / 20);
      const majority = (b & c) ^ (b & d) ^ (c & d);
      const f = phase === 0 ? (b & c) ^ (~b & d) : phase === 2 ? majority : b ^ c ^ d;
      const next = cut32(left(a, 5) + f + e + at(keys, phase) + at(w, t));
      [a, b, c, d, e] = [next, a, left(b, 30), c, d];
    }
    state = [a, b, c, d, e].map((each, index) => cut32(each + at(state, index)));
  }
  return bytesOf(state, 4);
}

const MD5_TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

function md5(bytes: Uint8Array): number[] {
  let state = [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n];
  for (const w of blocks(bytes, 4, true)) {
    let [a = 0n, b = 0n, c = 0n, d = 0n] = state;
    for (let t = 0; t < 64; t += 1) {
      const phase = Math.floor(t / 16);
      const choices = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | cut32(~d))];
      const word = [t, 5 * t + 1, 3 * t + 5, 7 * t][phase] ?? 0;
      const key = BigInt(Math.floor(Math.abs(Math.sin(t + 1)) * 2 ** 32));
      const sum = cut32(a + at(choices, phase) + key + at(w, word % 16));
      [a, b, c, d] = [d, cut32(b + left(sum, MD5_TURNS[phase]?.[t % 4] ?? 0)), b, c];
    }
    state = [a, b, c, d].map((each, index) => cut32(each + at(state, index)));
  }
  return bytesOf(state, 4, true);
}
