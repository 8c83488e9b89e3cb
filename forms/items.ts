/** Helpers over texts that hold a list, over ranks, and the cases of letters. The same as `items.py`. */

const NO_RANK = 999; // Source: SurveyCTO's rank-index() and rank-value()
const NUMBER = /^[ \t\r\n]*[+-]?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/;
const ANY_SPACES = /[ \t\r\n\f\v\u00a0\u3000]+/;

/** Empty items count; an empty text has none. */
const itemsOf = (separator: string, value: string): string[] =>
  value === '' ? [] : separator ? value.split(separator) : [value];
const numberOf = (text: string): number => (NUMBER.test(text) ? Number(text) : NaN);

export const count_items = (separator: string, value: string): number => itemsOf(separator, value).length;

/** The item at a 0-based place; '' where there is none. */
export const item_at = (separator: string, value: string, index: number): string =>
  (index >= 0 ? itemsOf(separator, value)[Math.trunc(index)] : undefined) ?? '';
export const item_index = (separator: string, value: string, item: string): number =>
  itemsOf(separator, value).indexOf(item);
export const item_present = (separator: string, value: string, item: string): boolean =>
  itemsOf(separator, value).includes(item);
export const de_duplicate = (separator: string, value: string): string =>
  [...new Set(itemsOf(separator, value))].join(separator);

/** The rank of a number among those of a text, the largest first. */
export function rank_value(value: number, others: string): number {
  const numbers = others.split(ANY_SPACES).map(numberOf);
  return value === value ? 1 + numbers.filter(each => each > value).length : NO_RANK;
}

/** The rank of one instance's text among all, the largest first; of equals the earlier comes first. */
export function rank_index(
  own: readonly string[],
  upTo: readonly string[],
  everyone: readonly string[],
): number {
  const value = numberOf(own[0] ?? '');
  if (value !== value) return NO_RANK;
  const larger = everyone.filter(each => numberOf(each) > value).length;
  return larger + upTo.filter(each => numberOf(each) === value).length;
}

export const lower = (value: string): string => value.toLowerCase();
export const upper = (value: string): string => value.toUpperCase();
export const trim = (value: string): string => value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
export const strip_whitespace = (value: string): string => value.split(ANY_SPACES).join('');

/** Whether the digits, and as many as `length` says, pass the Luhn check. */
export function is_luhn(value: string, length = NaN): boolean {
  const digits = strip_whitespace(value);
  if (!/^[0-9]+$/.test(digits) || (length === length && digits.length !== length)) return false;
  const sum = Array.from(digits)
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? Number(digit) : Number('0246813579'[Number(digit)])))
    .reduce((total, each) => total + each, 0);
  return sum % 10 === 0;
}
