/** An answer as people read it: labels for choices, names for rows of lists, words for positions. */
import { asFileRef } from '../files.ts';
import type { QuestionView } from '../filling/types.ts';
import type { ListRows } from '../lists.ts';
import { shortTime, t } from '../texts.ts';
import { shownPosition } from './Geopoint.tsx';
import { labelsOf } from './Select.tsx';

export function shownValue(view: QuestionView, lists: ListRows): string {
  const text = view.value.value;
  const { control, type, list } = view.def;
  if (text === '') return '';
  if (control === 'select_one' && list !== undefined) {
    // One look into the index instead of a label for each of a thousand rows.
    const [row] = lists.by(list, view.def.choice_columns?.[0] ?? 'name', text);
    if (row) return row[view.def.choice_columns?.[1] ?? 'label'] ?? text;
  }
  if (control.startsWith('select') || control === 'rank') return labelsOf(view);
  if (control === 'upload') return asFileRef(text)?.name ?? text;
  if (control === 'trigger') return t('yes');
  if (type === 'geopoint') return shownPosition(text);
  return type === 'dateTime' ? shortTime(text) : text;
}
