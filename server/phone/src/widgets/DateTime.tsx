/** Dates and times with the system's own picker; the answer is ISO text as the form keeps it. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { idOf, useDesk } from './context.ts';
import { localIso } from './iso.ts';

type Kind = 'date' | 'time' | 'datetime-local' | 'month' | 'number';

function kindOf(view: QuestionView): Kind {
  if (view.def.type === 'time') return 'time';
  if (view.def.type === 'dateTime') return 'datetime-local';
  if (view.def.appearance.includes('month-year')) return 'month';
  return view.def.appearance.includes('year') ? 'number' : 'date';
}

/** What the picker shows for an answer: the first characters of the ISO text. */
function shownIn(kind: Kind, text: string): string {
  const lengths: Record<Kind, number> = { date: 10, time: 5, 'datetime-local': 16, month: 7, number: 4 };
  return text.slice(0, lengths[kind]);
}

function answerOf(kind: Kind, value: string): string {
  if (value === '') return '';
  if (kind === 'month') return `${value}-01`;
  if (kind === 'number') return value.length === 4 ? `${value}-01-01` : '';
  if (kind === 'time') return value.length === 5 ? `${value}:00.000` : value;
  return kind === 'datetime-local' ? localIso(new Date(value)) : value;
}

export function DateTime({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const kind = kindOf(view);
  return (
    <input
      id={idOf(view.path)}
      class="input"
      type={kind}
      {...(kind === 'date' ? { max: '9999-12-31' } : {})}
      value={shownIn(kind, view.value.value)}
      aria-invalid={view.error.value !== ''}
      onChange={event => desk.set(view, answerOf(kind, event.currentTarget.value))}
    />
  );
}
