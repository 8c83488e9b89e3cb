/** A number from a scale; unset until it is touched. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { idOf, useDesk } from './context.ts';

export function Range({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const { start = '0', end = '10', step = '1' } = view.def.parameters ?? {};
  const value = view.value.value;
  return (
    <>
      <output class="range-value">{value === '' ? '—' : value}</output>
      <input
        id={idOf(view.path)}
        type="range"
        min={start}
        max={end}
        step={step}
        value={value === '' ? start : value}
        onInput={event => desk.set(view, event.currentTarget.value)}
        onClick={event => desk.set(view, event.currentTarget.value)}
      />
    </>
  );
}
