/** Finding questions on the page in sight: what is wrong first, what comes next, and bringing it before the eyes. */
import type { QuestionView, View } from '../filling/types.ts';
import { questionsShown } from '../pagination.ts';
import { idOf } from '../widgets/context.ts';

/** The first question in sight that has a wrong answer, or none though it must. */
export function firstWrong(views: readonly View[]): QuestionView | undefined {
  return questionsShown(views).find(view => !view.readOnly.peek() && view.problem.peek() !== null);
}

export function nextAfter(views: readonly View[], view: QuestionView): QuestionView | undefined {
  const shown = questionsShown(views);
  return shown[shown.indexOf(view) + 1];
}

const FIELDS = 'input, textarea, select, button, canvas';

/** Scroll to a question and put the cursor in it. */
export function bringToView(view: QuestionView): void {
  const box = document.getElementById(`${idOf(view.path)}-box`);
  box?.scrollIntoView({ block: 'center' });
  // Of a question taller than the screen, what is wrong and the field above it.
  document.getElementById(`${idOf(view.path)}-error`)?.scrollIntoView({ block: 'nearest' });
  const field = document.getElementById(idOf(view.path)) ?? box?.querySelector<HTMLElement>(FIELDS);
  (field ?? box)?.focus({ preventScroll: true });
}

/** Scroll on to a question without opening a keyboard over it. */
export function scrollOnTo(view: QuestionView): void {
  const box = document.getElementById(`${idOf(view.path)}-box`);
  box?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  box?.focus({ preventScroll: true });
}
