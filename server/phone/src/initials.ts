/** Pinyin initials of a text without a dictionary: the browser's own pinyin order tells between which letters a
 * character stands.
 *
 * A character with several readings goes by its commonest; lists from the server bring their readings along.
 */

/** The first character of each initial letter in pinyin order; no syllable begins with i, u or v. */
const FIRSTS = '阿八嚓耷妸发旮哈丌咔垃妈拏喔妑七呥仨他屲夕丫帀';
const LETTERS = 'abcdefghjklmnopqrstwxyz';
const HAN = /[\u3400-\u9fff]/;

type Order = (one: string, other: string) => number;

/** Made when first asked for: the browser reads its tables for it. */
let order: Order | null | undefined;
const known = new Map<string, string>();

export function initialsOf(text: string): string {
  if (order === undefined) order = pinyinOrder();
  const by = order;
  return by ? Array.from(text, sign => initialOf(sign, by)).join('') : '';
}

/** A browser without this order would tell wrong letters: then labels are found by their words only. */
function pinyinOrder(): Order | null {
  const { compare } = new Intl.Collator('zh-CN-u-co-pinyin');
  const isKnown = Array.from(FIRSTS).every((sign, at) => at === 0 || compare(FIRSTS[at - 1] ?? '', sign) < 0);
  return isKnown ? compare : null;
}

function initialOf(sign: string, by: Order): string {
  if (!HAN.test(sign)) return sign;
  let letter = known.get(sign);
  if (letter === undefined) known.set(sign, (letter = searched(sign, by)));
  return letter;
}

function searched(sign: string, by: Order): string {
  let low = 0;
  let high = FIRSTS.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (by(FIRSTS[middle] ?? '', sign) <= 0) low = middle;
    else high = middle - 1;
  }
  return LETTERS[low] ?? '';
}
