/** Two states of one form, ours and the oracle's -> what they say differently, and which explained difference it is. */
import { isMeta } from '../oracle.ts';
import type { Row } from './known.ts';
import type { Said, State } from '../oracle.ts';

export interface Difference {
  readonly step: string;
  readonly path: string;
  readonly what: string;
  readonly ours: string;
  readonly oracle: string;
  /** The row of docs/differences.md that explains it, '' when none does. */
  readonly known: Row | '';
}

/** Path without positions -> the type of a question, else the kind of node. */
export type Types = ReadonlyMap<string, string>;

const NUMERIC = new Set(['int', 'decimal']);
const PLACES = new Set(['geopoint', 'geotrace', 'geoshape']);
/** Also where a calculation took it over. */
const WRITTEN_PLACE = /^-?\d[\d.]* -?\d[\d. ;-]*$/;

export function compare(ours: State, oracle: State, types: Types): Difference[] {
  const paths = new Set([...Object.keys(ours), ...Object.keys(oracle)]);
  return [...paths].flatMap(path => differ(path, ours[path], oracle[path], types.get(bare(path)) ?? ''));
}

export const bare = (path: string): string => path.replace(/\[\d+\]/g, '');

function differ(path: string, ours: Said | undefined, oracle: Said | undefined, type: string): Difference[] {
  if (!ours && isMeta(path)) return [];
  // Row `irrelevant-instances`: what nobody sees may be there or not.
  if (!(ours && oracle) && !(ours ?? oracle)?.relevant) return [];
  if (!ours || !oracle)
    return [{ step: '', path, what: 'exists', ours: String(!!ours), oracle: String(!!oracle), known: '' }];
  const fields = Object.keys(oracle) as (keyof Said)[];
  return fields
    .filter(field => !isSame(field, ours[field], oracle[field], type))
    .map(field => ({
      step: '',
      path,
      what: field,
      ours: String(ours[field]),
      oracle: String(oracle[field]),
      known: '',
    }));
}

function isSame(field: keyof Said, ours: Said[keyof Said], oracle: Said[keyof Said], type: string): boolean {
  if (ours === oracle) return true;
  if (field !== 'value' || typeof ours !== 'string' || typeof oracle !== 'string') return false;
  return isSameValue(ours, oracle, type);
}

/** The oracle writes numbers and places again in its own way; a file is named otherwise. */
export function isSameValue(ours: string, oracle: string, type: string): boolean {
  if (ours === oracle) return true;
  if (ours === '' || oracle === '') return false;
  if (type === 'file') return true;
  if (NUMERIC.has(type)) return Number(ours) === Number(oracle);
  // A part of a place, taken out of it by a calculation.
  if (/^-?\d+$/.test(ours) && oracle === `${ours}.0`) return true;
  const isPlace = PLACES.has(type) || WRITTEN_PLACE.test(ours);
  return isPlace && numbers(ours) === numbers(oracle);
}

const numbers = (text: string): string =>
  text
    .split(/[\s;]+/)
    .map(Number)
    .join();
