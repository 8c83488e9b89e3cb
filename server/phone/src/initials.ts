/** Pinyin initials of a text without a dictionary: the browser's own pinyin order tells between which letters a
 * character stands.
 *
 * A character with several readings goes by its commonest; lists from the server bring their readings along.
 */

/** The first character of each initial letter in pinyin order; no syllable begins with i, u or v. */
const FIRSTS = '阿八嚓耷妸发旮哈丌咔垃妈拏喔妑七呥仨他屲夕丫帀';
const LETTERS = 'abcdefghjklmnopqrstwxyz';
const HAN = /[\u3400-\u9fff]/;

const order = new Intl.Collator('zh-CN-u-co-pinyin');
/** A browser without this order would tell wrong letters: then labels are found by their words only. */
const isKnown = Array.from(FIRSTS).every(
  (sign, at) => at === 0 || order.compare(FIRSTS[at - 1] ?? '', sign) < 0,
);
const known = new Map<string, string>();

export function initialsOf(text: string): string {
  return isKnown ? Array.from(text, initialOf).join('') : '';
}

function initialOf(sign: string): string {
  if (!HAN.test(sign)) return sign;
  let letter = known.get(sign);
  if (letter === undefined) known.set(sign, (letter = searched(sign)));
  return letter;
}

function searched(sign: string): string {
  let low = 0;
  let high = FIRSTS.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (order.compare(FIRSTS[middle] ?? '', sign) <= 0) low = middle;
    else high = middle - 1;
  }
  return LETTERS[low] ?? '';
}
