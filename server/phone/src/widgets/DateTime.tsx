/** Dates and times with the system's own picker, or typed in parts; the answer is ISO text as the form keeps it. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { looksLike, told, useDesk } from './context.ts';
import { rarely } from './rarely.ts';
import { localIso } from './iso.ts';

const DateParts = rarely(rare => rare.DateParts);

type Kind = 'date' | 'time' | 'datetime-local';

/** Whether only some parts of a date are asked, or all without a calendar. */
export const isInParts = (view: QuestionView): boolean =>
  view.def.type === 'date' && looksLike(view, 'month-year', 'year', 'no-calendar');

function kindOf(view: QuestionView): Kind {
  if (view.def.type === 'time') return 'time';
  return view.def.type === 'dateTime' ? 'datetime-local' : 'date';
}

/** What the picker shows for an answer; an instant from elsewhere shows by this phone's clock. */
function shownIn(kind: Kind, text: string): string {
  if (kind === 'date') return text.slice(0, 10);
  if (kind === 'time') return text.slice(0, 5);
  const at = new Date(text);
  return /(?:Z|[-+]\d\d:?\d\d)$/.test(text) && !Number.isNaN(at.getTime())
    ? localIso(at).slice(0, 16)
    : text.slice(0, 16);
}

function answerOf(kind: Kind, value: string): string {
  if (value === '') return '';
  if (kind === 'time') return value.length === 5 ? `${value}:00.000` : value;
  return kind === 'datetime-local' ? localIso(new Date(value)) : value;
}

export function DateTime({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  if (isInParts(view)) return <DateParts view={view} />;
  const kind = kindOf(view);
  return (
    <input
      {...told(view)}
      class="input"
      type={kind}
      {...(kind === 'date' ? { max: '9999-12-31' } : {})}
      value={shownIn(kind, view.value.value)}
      onChange={event => desk.set(view, answerOf(kind, event.currentTarget.value))}
    />
  );
}
