/** How a select is laid out, from its appearance and how many choices it has now. */
import type { QuestionView } from '../filling/types.ts';
import { looksLike } from './context.ts';

export type Layout = 'list' | 'columns' | 'pack' | 'likert' | 'labels' | 'nolabel' | 'hidden';

const IN_SIGHT = 12;
const IN_SIGHT_SIDE_BY_SIDE = 30;
/** More don't fit beside each other under a finger; then each question shows its own labels. */
export const MOST_COLUMNS = 6;
const WIDEST_SCALE = 5;
const NUMBERED = /^(?:columns|compact|quickcompact)-(\d+)$/;

const PACKED = ['columns-pack', 'horizontal-compact', 'compact'];

export function layoutOf(view: QuestionView): Layout {
  const { length } = view.choices.value;
  if (view.def.appearance.some(isHidden)) return 'hidden';
  if (looksLike(view, 'label')) return 'labels';
  if (looksLike(view, 'list-nolabel') && length <= MOST_COLUMNS) return 'nolabel';
  const layout = sideBySide(view, length);
  return length > (layout === 'list' ? IN_SIGHT : IN_SIGHT_SIDE_BY_SIDE) ? 'hidden' : layout;
}

function sideBySide(view: QuestionView, length: number): Layout {
  if (looksLike(view, 'likert')) return length <= WIDEST_SCALE ? 'likert' : 'list';
  if (looksLike(view, 'list') && length <= MOST_COLUMNS) return 'likert';
  if (looksLike(view, ...PACKED)) return 'pack';
  const isInColumns = view.def.appearance.some(
    look => look === 'columns' || look === 'horizontal' || look === 'quickcompact' || NUMBERED.test(look),
  );
  return isInColumns ? 'columns' : 'list';
}

/** The most that a page of this question draws: what is longer stands behind a field. */
export const mostInSight = (appearance: readonly string[]): number =>
  appearance.some(isHidden) ? 0 : appearance.length > 0 ? IN_SIGHT_SIDE_BY_SIDE : IN_SIGHT;

const isHidden = (look: string): boolean =>
  look === 'minimal' || look === 'autocomplete' || look === 'spinner' || look.startsWith('search');

/** How many columns are wanted at most; 0 leaves it to the width. */
export function columnsOf(view: QuestionView, nChoices: number): number {
  if (looksLike(view, 'list-nolabel', 'list', 'likert')) return nChoices;
  const wanted = view.def.appearance.map(look => Number(NUMBERED.exec(look)?.[1] ?? 0));
  return Math.min(10, Math.max(0, ...wanted));
}
