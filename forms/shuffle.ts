/** The order that randomize() gives: the same seed gives the same order, in every client of the standard. */
import { digest } from './digests.ts';

const MODULUS = 2147483647;
const MULTIPLIER = 16807;

/**
 * Inside-out Fisher-Yates over the Park-Miller generator.
 *
 * Source: https://getodk.github.io/xforms-spec/#fn:randomize, and what Collect and Web Forms make of seeds.
 */
export function shuffle<T>(list: readonly T[], seed: number | string): T[] {
  const random = generator(startOf(seed));
  const shuffled: T[] = [];
  list.forEach((each, index) => {
    const at = Math.floor(random() * (index + 1));
    const moved = shuffled[at];
    if (at !== index && moved !== undefined) shuffled[index] = moved;
    shuffled[at] = each;
  });
  return shuffled;
}

function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state * MULTIPLIER) % MODULUS;
    return (state - 1) / (MODULUS - 1);
  };
}

/** A number without its fraction; of a text the first eight bytes of its SHA-256, signed. */
function startOf(seed: number | string): number {
  const start = typeof seed === 'string' ? digested(seed) : remainder(seed);
  return start > 0 ? start : start + MODULUS - 1;
}

const remainder = (seed: number): number => (Number.isFinite(seed) ? Math.trunc(seed) % MODULUS : 0);

function digested(seed: string): number {
  if (seed === '') return 0;
  const first = BigInt.asIntN(64, BigInt(`0x${digest(seed, 'SHA-256', 'hex').slice(0, 16)}`));
  return Number(first % BigInt(MODULUS));
}
