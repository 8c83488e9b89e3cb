/** Finding rows of a list by what people remember: a name, its pinyin initials, a number, a phone. */
import type { Pack } from './db.ts';

const NAMES = ['label', 'pinyin', 'name'];

/** Return the places of rows that hold every word in a name or one of `more` columns; `village` narrows down first. */
export function findRows(pack: Pack, text: string, village: string, more: readonly string[]): number[] {
  const wanted = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  if (wanted.length === 0 && village === '') return Array.from({ length: pack.n_rows }, (_, at) => at);
  const columns = [...NAMES, ...more].map(name => pack.columns[name]).filter(column => column !== undefined);
  const villages = pack.columns['village'];
  const found: number[] = [];
  for (let at = 0; at < pack.n_rows; at++) {
    if (village !== '' && villages?.[at] !== village) continue;
    if (wanted.every(word => columns.some(column => (column[at] ?? '').toLowerCase().includes(word)))) {
      found.push(at);
    }
  }
  return startingFirst(pack, found, wanted[0] ?? '');
}

/** Who types "wj" rather means 王建 than 孙文建: rows that begin with the word come first. */
function startingFirst(pack: Pack, found: number[], word: string): number[] {
  if (word === '') return found;
  const begins = (at: number): boolean =>
    (pack.columns['label']?.[at] ?? '').toLowerCase().startsWith(word) ||
    ` ${pack.columns['pinyin']?.[at] ?? ''}`.toLowerCase().includes(` ${word}`);
  return [...found.filter(begins), ...found.filter(at => !begins(at))];
}

/** Return the villages that occur in a list, in order of their codes. */
export function villagesIn(pack: Pack): string[] {
  return [...new Set(pack.columns['village'] ?? [])].filter(code => code !== '').sort();
}
