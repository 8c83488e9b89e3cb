/**
 * The helpers that compiled forms call on the phone: XPath 1.0 and ODK functions over texts, numbers and booleans.
 *
 * `runtime.py` has the same helpers under the same names; `functions.py` says which function calls which. A helper
 * never looks at types: the compiler has converted every argument.
 */
import { days } from './dates.ts';
import { fullMatch } from './regex.ts';
import { shuffle } from './shuffle.ts';

export * from './dates.ts';
export * from './digests.ts';
export * from './geo.ts';
export * from './items.ts';

/** One row of a list: column -> text. */
export type Row = Readonly<Record<string, string>>;
/** A test of the instances of a repeat, on the way down to a node. */
export type Predicate = readonly [
  repeat: number,
  test: (c: Scope, position: number, size: number) => boolean,
];
export type RowPredicate = (row: Row, position: number, size: number) => boolean;

/** Where an expression is evaluated: an instance of a repeat, or the form. */
export interface Scope {
  /** Between 0 and 1, made when the scope came to be. */
  readonly chance: number;
  readonly meta: { readonly now: () => Date; readonly device_info?: string };
  textOf(node: number): string;
  heldOf(node: number): string;
  textsOf(node: number, anchor: number, predicates: readonly Predicate[]): string[];
  countOf(node: number, anchor: number, predicates: readonly Predicate[]): number;
  rowsOf(
    list: string,
    equals: readonly (readonly [string, string])[],
    predicates: readonly RowPredicate[],
  ): readonly Row[];
  positionOf(repeat: number): number;
}

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';
type Single = string | number | boolean;

// References.

export const v = (c: Scope, node: number): string => c.textOf(node);
/** The answer that stands there, whether relevant or not. */
export const held = (c: Scope, node: number): string => c.heldOf(node);
export const set = (c: Scope, node: number, anchor: number, tests: readonly Predicate[] = []): string[] =>
  c.textsOf(node, anchor, tests);
export const instances = (c: Scope, node: number, anchor: number, tests: readonly Predicate[] = []): number =>
  c.countOf(node, anchor, tests);
export const rows = (
  c: Scope,
  list: string,
  equals: readonly (readonly [string, string])[] = [],
  tests: readonly RowPredicate[] = [],
): readonly Row[] => c.rowsOf(list, equals, tests);
export const pos = (c: Scope, repeat: number): number => c.positionOf(repeat);
/** Text of a column; a name that every object has, such as `constructor`, is no column. */
export function cell(row: Row, name: string): string {
  const value: unknown = row[name];
  return typeof value === 'string' ? value : '';
}
export const column = (of: readonly Row[], name: string): string[] => of.map(row => cell(row, name));

/** Instances of a repeat as choices: a question in it names them, another labels them. */
export const choice_rows = (names: readonly string[], labels: readonly string[]): readonly Row[] =>
  names.flatMap((name, at) => (name === '' ? [] : [{ name, label: labels[at] ?? '' }]));

// Conversions.

const NUMBER = /^[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/;
const BLANK = /^[ \t\r\n]*$/;

export function num(text: string): number {
  return NUMBER.test(text) ? Number(text) : days(text);
}

export const num_bool = (value: boolean): number => (value ? 1 : 0);
export const num_any = (value: Single): number =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? num_bool(value) : num(value);
export const nums = (texts: readonly string[]): number[] => texts.map(num);

/** A number as XPath writes it: never an exponent; NaN is ''. */
export function text(value: number): string {
  if (value !== value) return '';
  const written = String(value === 0 ? 0 : value);
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(written);
  if (!found) return written;
  const [, sign = '', first = '', rest = '', power = ''] = found;
  const digits = first + rest;
  const exponent = Number(power);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits + '0'.repeat(exponent - rest.length);
}

export const text_bool = (value: boolean): string => (value ? 'true' : 'false');
export const text_any = (value: Single): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? text(value) : text_bool(value);
export const truth = (value: string): boolean => !BLANK.test(value);
export const truth_num = (value: number): boolean => value === value && value !== 0;
const isTrue = (value: Single): boolean => (typeof value === 'number' ? truth_num(value) : Boolean(value));
export const truths = (texts: readonly string[]): boolean[] => texts.map(truth);
export const first = (texts: readonly string[]): string => texts[0] ?? '';
export const exists = (list: readonly unknown[]): boolean => list.length > 0;
export const value_set = (value: string): string[] => [value];

// Arithmetic and comparison.

export const divide = (a: number, b: number): number => a / b;
export const modulo = (a: number, b: number): number => a % b;

export function equal_any(a: Single, b: Single): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return isTrue(a) === isTrue(b);
  if (typeof a === 'number' || typeof b === 'number') return num_any(a) === num_any(b);
  return a === b;
}

export const some_number = (operator: Operator, texts: readonly string[], value: number): boolean =>
  texts.some(each => compare(operator, num(each), value));
export const some_text = (operator: Operator, texts: readonly string[], value: string): boolean =>
  texts.some(each => (each === value) === (operator === '='));

/** Whether some pair compares so, without trying each: their number is the square of what there is. */
export function some_pair(operator: Operator, left: readonly string[], right: readonly string[]): boolean {
  if (!left.length || !right.length) return false;
  if (operator === '!=') return new Set([...left, ...right]).size > 1;
  const others = new Set(right);
  if (operator === '=') return left.some(each => others.has(each));
  const isLess = operator.startsWith('<');
  return compare(operator, extreme(left, isLess), extreme(right, !isLess));
}

/** The smallest or largest of texts as numbers; what is none is left out, and NaN is given if all are none. */
function extreme(texts: readonly string[], isSmallest: boolean): number {
  const numbers = texts.map(num).filter(each => each === each);
  if (!numbers.length) return NaN;
  return numbers.reduce((best, each) => (isSmallest ? Math.min(best, each) : Math.max(best, each)));
}

function compare(operator: Operator, a: number, b: number): boolean {
  switch (operator) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

// Node-sets.

export const count = (list: readonly unknown[]): number => list.length;
export const count_non_empty = (texts: readonly string[]): number => texts.filter(each => each !== '').length;
export const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
// Added to 0: of 0 and -0 neither is the larger.
export const largest = (numbers: readonly number[]): number =>
  numbers.length ? 0 + Math.max(...numbers) : NaN;
export const smallest = (numbers: readonly number[]): number =>
  numbers.length ? 0 + Math.min(...numbers) : NaN;

/** A shuffled order; a seed that is no number counts as text. */
export function randomize<T>(list: readonly T[], seed: string): readonly T[] {
  const number = num(seed);
  return shuffle(list, number === number ? number : seed);
}

/** An order by chance, which stays as long as the filling is open; `node` is who asks. */
export const shuffled = <T>(c: Scope, list: readonly T[], node: number): readonly T[] =>
  shuffle(list, Math.floor(c.chance * 2 ** 31) + node);

// Numbers.

/** Beyond, ten to that power is no number. */
const MOST_PLACES = 300;

/** Halves go towards plus infinity, as XPath says; `places` may be negative. */
export function round_half_up(value: number, places = 0): number {
  if (places !== places) return NaN;
  if (Math.abs(places) > MOST_PLACES && Number.isFinite(value)) return places > 0 ? value : 0;
  // Read, not computed: engines differ in the last digit of 10 ** n.
  const scale = Number(`1e${truncate(places)}`);
  const shifted = value * scale;
  return places === 0 ? Math.round(value) : Number.isFinite(shifted) ? Math.round(shifted) / scale : value;
}

export const truncate = (value: number): number => Math.trunc(value);
export const floor = (value: number): number => Math.floor(value);
export const ceiling = (value: number): number => Math.ceil(value);
export const absolute = (value: number): number => Math.abs(value);
export const { sqrt, pow, exp, log, log10, sin, cos, tan, asin, acos, atan, atan2, random } = Math;
export const exp10 = (value: number): number => Math.pow(10, value);

// Text, in code points.

export const coalesce = (a: string, b: string): string => (a !== '' ? a : b);

/** Of a text that is put together: more than a record may have; a longer one is none. */
const MAX_TEXT = 1_000_000;
export const concat = (texts: readonly string[]): string => join('', texts);
export function join(glue: string, texts: readonly string[]): string {
  let size = glue.length * (texts.length - 1);
  for (const each of texts) size += each.length;
  return size <= MAX_TEXT ? texts.join(glue) : '';
}
export const string_length = (value: string): number => Array.from(value).length;
export const contains = (value: string, part: string): boolean => value.includes(part);
export const starts_with = (value: string, part: string): boolean => value.startsWith(part);
export const ends_with = (value: string, part: string): boolean => value.endsWith(part);
export const regex = (value: string, pattern: string): boolean => fullMatch(value, pattern);

/** ODK's substr: from 0, negative counts from the end, `end` is left out. */
export function substr(value: string, start: number, end = Infinity): string {
  const points = Array.from(value);
  const place = (at: number): number => {
    const whole = at === Infinity ? points.length : truncate(at);
    return Math.min(Math.max(whole < 0 ? whole + points.length : whole, 0), points.length);
  };
  if (start !== start || end !== end) return '';
  return points.slice(place(start), place(end)).join('');
}

/** XPath's substring: from 1, rounded. */
export function substring(value: string, start: number, length = Infinity): string {
  const from = Math.round(start);
  const to = from + Math.round(length);
  return Array.from(value)
    .filter((_, index) => index + 1 >= from && index + 1 < to)
    .join('');
}

export function substring_before(value: string, part: string): string {
  const at = value.indexOf(part);
  return at < 0 ? '' : value.slice(0, at);
}

export function substring_after(value: string, part: string): string {
  const at = value.indexOf(part);
  return at < 0 ? '' : value.slice(at + part.length);
}

export function translate(value: string, from: string, to: string): string {
  const replacements = Array.from(to);
  const map = new Map<string, string>();
  Array.from(from).forEach((each, index) => map.has(each) || map.set(each, replacements[index] ?? ''));
  return Array.from(value, each => map.get(each) ?? each).join('');
}

/** Words as XML separates them. */
const words = (value: string): string[] => value.split(/[ \t\r\n]+/).filter(each => each !== '');

export const normalize_space = (value: string): string => words(value).join(' ');

/** A number with its thousands set off: 120,000. */
export function format_number(value: number): string {
  if (!Number.isFinite(value)) return '';
  const [whole = '', fraction] = text(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Base64 as UTF-8 text; '' for what is neither. */
export function base64_decode(value: string): string {
  const written = words(value).join('');
  if (written.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(written)) return '';
  try {
    const bytes = Uint8Array.from(atob(written), each => each.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return '';
  }
}

export const device_info = (c: Scope): string => c.meta.device_info ?? '';

/** A random identifier, cut or lengthened to `length` characters. */
export function uuid(length = 36): string {
  if (length > MAX_TEXT) return '';
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, each => each.toString(16).padStart(2, '0')).join('');
  const made = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return made.length < length ? made + uuid(length - made.length) : made.slice(0, Math.max(0, length));
}

// Choices.

/** Whether a choice is among those chosen; the empty one is where none is. */
export function selected(value: string, choice: string): boolean {
  const wanted = words(choice).join(' ');
  return wanted === '' ? words(value).length === 0 : words(value).includes(wanted);
}
export const selected_at = (value: string, index: number): string =>
  (index >= 0 ? words(value)[truncate(index)] : undefined) ?? '';
export const count_selected = (value: string): number => words(value).length;
export const boolean_from_string = (value: string): boolean => value === '1' || value === 'true';

export const checklist = (least: number, most: number, met: readonly boolean[]): boolean =>
  within(least, most, met.filter(Boolean).length);

export function weighted_checklist(
  least: number,
  most: number,
  met: readonly boolean[],
  weights: readonly number[],
): boolean {
  return within(
    least,
    most,
    met.reduce((sum, each, index) => sum + (each ? (weights[index] ?? 0) : 0), 0),
  );
}

const within = (least: number, most: number, sum: number): boolean =>
  sum >= least && (most === -1 || sum <= most);
