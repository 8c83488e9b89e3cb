/** An answer as people read it: labels for choices, names for rows of lists, words for positions. */
import { asFileRef } from '../fileref.ts';
import type { QuestionView } from '../filling/types.ts';
import type { ListRows } from '../rows.ts';
import { plain } from '../markup.ts';
import { shortTime } from '../days.ts';
import { t } from '../texts/filling.ts';
import { looksLike } from './context.ts';
import { grouped } from './numbers.ts';
import { shownLine, shownPosition } from './places.ts';

const LONGEST_MASK = 8;

export function shownValue(view: QuestionView, lists: ListRows): string {
  const text = view.value.value;
  const { control, type, list } = view.def;
  if (text === '') return '';
  if (looksLike(view, 'masked')) return '•'.repeat(Math.min(text.length, LONGEST_MASK));
  if (control === 'select_one' && list !== undefined) {
    // One look into the index instead of a label for each of a thousand rows.
    const [row] = lists.by(list, view.def.choice_columns?.[0] ?? 'name', text);
    if (row) return row[view.def.choice_columns?.[1] ?? 'label'] ?? text;
  }
  if (control.startsWith('select') || control === 'rank') return labelsOf(view);
  if (control === 'upload') return asFileRef(text)?.name ?? text;
  if (control === 'trigger') return t('yes');
  if (type === 'geopoint') return shownPosition(text);
  if (type === 'geotrace' || type === 'geoshape') return shownLine(text, type === 'geoshape');
  if (type === 'date') return shownDate(view, text);
  if (looksLike(view, 'thousands-sep')) return grouped(text);
  return type === 'dateTime' ? shortTime(text) : text;
}

/** What is chosen, in words; a name that is no longer among the choices stays visible as it is. */
export function labelsOf(view: QuestionView): string {
  const { type } = view.def;
  const text = view.value.value;
  const names = type === 'select_multiple' || type === 'rank' ? text.split(' ') : [text];
  const labels = new Map(view.choices.value.map(choice => [choice.name, choice.label]));
  return names
    .filter(name => name !== '')
    .map(name => plain(labels.get(name) ?? name))
    .join('、');
}

/** A partial date is kept as its first day, which nobody said. */
function shownDate(view: QuestionView, text: string): string {
  if (looksLike(view, 'month-year')) return text.slice(0, 7);
  return looksLike(view, 'year') ? text.slice(0, 4) : text.slice(0, 10);
}
