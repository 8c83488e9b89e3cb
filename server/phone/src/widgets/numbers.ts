/** Numbers as they are typed and as they are read. */

const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const POINTS = /[\uff0e\u3002]/g;
const MINUS = /[\uff0d\u2212]/g;
/** Spaces and what sets off thousands, as in 10,850 and in a card number. */
const BETWEEN_DIGITS = /[\s,\uff0c]/g;

/** Full-width letters and digits as plain ones. */
export const halfWidth = (text: string): string =>
  text.replace(FULL_WIDTH, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));

/** A number as it is kept, from all that a Chinese keyboard gives. */
export const asNumber = (text: string): string =>
  halfWidth(text).replace(POINTS, '.').replace(MINUS, '-').replace(BETWEEN_DIGITS, '');

/** Thousands set off; anything that is no number stays as it is. */
export function grouped(text: string): string {
  const found = /^(-?)(\d+)(\.\d*)?$/.exec(text);
  if (!found) return text;
  const [, sign = '', whole = '', rest = ''] = found;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest;
}

/** How many digits stand after the point. */
export const digitsAfterPoint = (text: string): number => (text.split('.')[1] ?? '').length;
