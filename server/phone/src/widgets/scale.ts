/** The numbers a range offers, from its parameters. */
import type { QuestionView } from '../filling/types.ts';
import { looksLike } from './context.ts';
import { digitsAfterPoint } from './numbers.ts';

const MOST_STARS = 10;

export interface Scale {
  start: number;
  end: number;
  step: number;
  digits: number;
}

export function scaleOf(view: QuestionView): Scale {
  const { start = '0', end = '10', step = '1' } = view.def.parameters ?? {};
  const digits = Math.max(...[start, end, step].map(digitsAfterPoint));
  const least = Math.abs(Number(step)) || 1;
  return {
    start: Number(start),
    end: Number(end),
    step: Number(start) <= Number(end) ? least : -least,
    digits,
  };
}

export const nValues = ({ start, end, step }: Scale): number => Math.abs((end - start) / step) + 1;

/** Whether it is drawn as several buttons, which a fieldset holds together. */
export const isRating = (view: QuestionView): boolean =>
  looksLike(view, 'rating') && nValues(scaleOf(view)) <= MOST_STARS;
