/** Searching a long list of choices by its words, codes, and the pinyin initials of its labels. */
import type { Choice } from '../filling/types.ts';
import { initialsOf } from '../initials.ts';
import { plain } from '../markup.ts';

/** Return what finds choices; the texts it searches are made at the first search, not when the list opens. */
export function finderOf(choices: readonly Choice[]): (wanted: string) => readonly Choice[] {
  let texts: string[] | null = null;
  return wanted => {
    const sought = simple(wanted);
    if (sought === '') return choices;
    const searched = (texts ??= choices.map(textOf));
    return choices.filter((_, at) => searched[at]?.includes(sought) ?? false);
  };
}

function textOf({ label, name, row }: Choice): string {
  const shown = plain(label);
  const initials = row['pinyin'] || initialsOf(shown);
  return `${simple(shown)} ${simple(name)} ${simple(initials)}`;
}

/** Lower case, plain letters and digits, without blanks and what input methods put between syllables. */
const simple = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s'’]/g, '');
