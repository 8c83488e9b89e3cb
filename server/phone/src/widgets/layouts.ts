/** How a select is laid out, from its appearance and how many choices it has now. */
import type { Choice, QuestionView } from '../filling/types.ts';
import { plain } from '../markup.ts';
import { isLarge } from '../settings.ts';
import { looksLike } from './context.ts';

export type Layout = 'list' | 'columns' | 'pack' | 'likert' | 'labels' | 'nolabel' | 'hidden';

const IN_SIGHT = 12;
const IN_SIGHT_SIDE_BY_SIDE = 30;
/** More don't fit beside each other under a finger; then each question shows its own labels. */
const MOST_COLUMNS = 6;
/** Letters on a line of a narrow phone; Chinese may be broken anywhere, a longer word would be cut apart. */
const LETTERS = 45;
const LETTERS_LARGE = 35;
/** What a column takes beside its words, which are larger than in a scale; and a choice's button. */
const MARGIN_LETTERS = 6;
const BUTTON_LETTERS = 3;
const WIDEST_SCALE = 5;
const NUMBERED = /^(?:columns|compact|quickcompact)-(\d+)$/;

const PACKED = ['columns-pack', 'horizontal-compact', 'compact'];

export function layoutOf(view: QuestionView): Layout {
  const { length } = view.choices.value;
  if (view.def.appearance.some(isHidden)) return 'hidden';
  if (looksLike(view, 'label')) return 'labels';
  if (looksLike(view, 'list-nolabel') && fitsBeside(view, MOST_COLUMNS)) return 'nolabel';
  const layout = sideBySide(view);
  return length > (layout === 'list' ? IN_SIGHT : IN_SIGHT_SIDE_BY_SIDE) ? 'hidden' : layout;
}

function sideBySide(view: QuestionView): Layout {
  if (looksLike(view, 'likert')) return fitsBeside(view, WIDEST_SCALE) ? 'likert' : 'list';
  if (looksLike(view, 'list') && fitsBeside(view, MOST_COLUMNS)) return 'likert';
  if (looksLike(view, ...PACKED)) return 'pack';
  const isInColumns = view.def.appearance.some(
    look => look === 'columns' || look === 'horizontal' || look === 'quickcompact' || NUMBERED.test(look),
  );
  return isInColumns ? 'columns' : 'list';
}

/** Whether each choice has room for its words in a column of its own, of so many at most. */
export function fitsBeside(view: QuestionView, most = MOST_COLUMNS): boolean {
  const choices = view.choices.value;
  return choices.length <= most && longestWord(choices) * choices.length <= lettersOnALine();
}

const lettersOnALine = (): number => (isLarge.value ? LETTERS_LARGE : LETTERS);

function longestWord(choices: readonly Choice[]): number {
  const words = choices.flatMap(({ label }) => plain(label).match(/[^\s\u2e80-\uffff]+/g) ?? []);
  return Math.max(0, ...words.map(word => word.length));
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
  const beside = MARGIN_LETTERS + (looksLike(view, 'no-buttons') ? 0 : BUTTON_LETTERS);
  const letters = longestWord(view.choices.value) + beside;
  return Math.min(10, Math.max(0, ...wanted), Math.max(1, Math.floor(lettersOnALine() / letters)));
}
