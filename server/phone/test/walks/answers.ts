/** What a careless person answers: valid, at the edge, empty, and sometimes what the question can't take. */
import type { QuestionView } from '../../src/filling.ts';

/** Gives a whole number below `size`. */
export type Random = (size: number) => number;

/** mulberry32: the same seed gives the same walk. */
export function randomOf(seed: number): Random {
  let state = seed;
  return size => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * size);
  };
}

export const pick = <T>(values: readonly T[], random: Random): T | undefined => values[random(values.length)];

const WORDS = [
  '',
  'x',
  'An',
  'a b',
  '12',
  '0',
  '-1',
  '3.5',
  '王建军',
  'ab-cd',
  "it's",
  '"',
  '<b>&',
  '2016-10-15',
];
const WHOLE = ['', '0', '1', '2', '3', '5', '12', '18', '30', '100', '-1', '007', '-0'];
const FRACTIONS = ['', '0.0', '0.5', '1.0', '2.0', '7.25', '10850.0', '1234.56', '-0.01', '3600.0', '0.1'];
const DATES = [
  '',
  '2016-10-15',
  '2016-10-14',
  '2016-10-16',
  '2016-02-29',
  '1968-03-15',
  '2004-06-01',
  '1980-01-31',
];
const MOMENTS = [
  '',
  '2016-10-15T09:40:00.000+00:00',
  '2016-02-29T23:59:59.000+00:00',
  '1999-12-31T00:00:00.000+00:00',
];
const TIMES = ['', '00:00:00.000+00:00', '09:40:00.000+00:00', '23:59:59.000+00:00'];
const PLACES = ['', '33.45 119.82 0 5', '33.450 119.82 0.0 5.00', '33.46 119.83 2.5 80', '-0.5 0.25 0 0'];
const WAYS = ['', '33.45 119.82 0 0;33.46 119.83 0 0', '33.45 119.82 0 0;33.46 119.83 0 0;33.44 119.84 0 0'];
const SHAPES = ['', '33.45 119.82 0 0;33.46 119.83 0 0;33.44 119.84 0 0;33.45 119.82 0 0'];

const POOLS: Readonly<Record<string, readonly string[]>> = {
  int: WHOLE,
  decimal: FRACTIONS,
  date: DATES,
  dateTime: MOMENTS,
  time: TIMES,
  geopoint: PLACES,
  geotrace: WAYS,
  geoshape: SHAPES,
};

/** Texts that no answer of the type can be; the oracle has no such state. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  int: ['many', '1.5', '1e3', '+1', '１２', '99999999999999999'],
  decimal: ['much', '1e3', '1,5', '--1', '.'],
  date: ['today', '2015-02-29', '2016-13-01', '2016-1-1'],
  dateTime: ['now', '2016-10-15'],
  time: ['noon', '25:00:00.000', '9:40'],
  geopoint: ['here', '95 0', '33.45'],
  geotrace: ['33.45 119.82 0 0;there'],
  geoshape: ['33.45 190 0 0'],
  file: ['a.jpg'],
};

export const PHOTO = JSON.stringify({ sha256: '0'.repeat(64), name: 'a.jpg', bytes: 1, type: 'image/jpeg' });

/** Numbers for forms that count repeats: each instance costs the oracle dearly. */
const FEW = ['', '0', '1', '2', '3', '4', '-1'];

/** Words and numbers that the form itself compares with, so that its branches are taken. */
export interface Mentioned {
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly isCounting: boolean;
}

export function mentionedIn(xform: string): Mentioned {
  const rules = [...xform.matchAll(/ (?:relevant|constraint|calculate|required|value)="([^"]*)"/g)];
  const all = rules.map(([, rule = '']) => rule).join(' ');
  const words = [...all.matchAll(/'([\w -]{1,20})'/g)].map(([, word = '']) => word);
  const wholes = [...all.matchAll(/(?<![\w.'-])\d{1,6}(?![\w.'-])/g)].map(([number]) => Number(number));
  const near = wholes.flatMap(number => [number - 1, number, number + 1]).map(String);
  return { words: [...new Set(words)], numbers: [...new Set(near)], isCounting: xform.includes('jr:count=') };
}

export function answerFor(view: QuestionView, mentioned: Mentioned, random: Random): string {
  const { def } = view;
  const names = view.choices.value.map(choice => choice.name).filter(name => name !== '');
  if (def.type === 'rank') return random(4) ? shuffled(names, random).join(' ') : '';
  if (def.type === 'select_multiple') return names.filter(() => random(3) === 0).join(' ');
  if (def.list !== undefined) return random(8) ? (pick(names, random) ?? '') : '';
  if (def.control === 'trigger') return random(4) ? 'OK' : '';
  if (def.type === 'file') return random(4) ? PHOTO : '';
  if (def.control === 'range') return ranged(def.parameters ?? {}, def.type, random);
  return pick(poolOf(def.type, mentioned), random) ?? '';
}

/** An answer that the question can't take; '' where it takes any text. */
export const wrongFor = (view: QuestionView, random: Random): string =>
  ['input', 'upload'].includes(view.def.control) && view.def.list === undefined
    ? (pick(WRONG[view.def.type] ?? [''], random) ?? '')
    : '';

function poolOf(type: string, { words, numbers, isCounting }: Mentioned): readonly string[] {
  if (type === 'int' && isCounting) return FEW;
  if (type === 'int') return [...WHOLE, ...numbers];
  if (type === 'decimal') return [...FRACTIONS, ...numbers.map(number => `${number}.0`)];
  return POOLS[type] ?? [...WORDS, ...words, ...numbers];
}

function ranged(parameters: Readonly<Record<string, string>>, type: string, random: Random): string {
  const { start = '0', end = '10', step = '1' } = parameters;
  const [from, to, by] = [Number(start), Number(end), Math.abs(Number(step))];
  const value = Math.min(from, to) + by * random(Math.floor(Math.abs(to - from) / by) + 1);
  const rounded = Number(value.toFixed(6));
  return type === 'decimal' && Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded);
}

function shuffled(names: readonly string[], random: Random): string[] {
  const left = [...names];
  return names.flatMap(() => left.splice(random(left.length), 1));
}
