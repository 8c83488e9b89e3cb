/** A date typed as year, month and day, or only the first of them: quicker than a calendar for a birthday long ago. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import type { RareText } from '../texts/rare.ts';
import { t } from '../texts/rare.ts';
import { idOf, looksLike, told, useDesk } from './context.ts';
import { halfWidth } from './numbers.ts';

const PARTS: readonly { name: RareText; length: number }[] = [
  { name: 'year', length: 4 },
  { name: 'month', length: 2 },
  { name: 'day', length: 2 },
];

function nParts(view: QuestionView): number {
  if (looksLike(view, 'month-year')) return 2;
  return looksLike(view, 'year') ? 1 : 3;
}

/** Parts that aren't asked are the first; '' until all that are asked were given. */
function dateOf(parts: readonly string[]): string {
  const [year = '', month = '1', day = '1'] = parts;
  const isWhole = year.length === 4 && parts.every(part => part !== '');
  return isWhole ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : '';
}

export function DateParts({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const n = nParts(view);
  const typed = useSignal<string[]>(partsOf(view.value.peek(), n));
  const isLeft = useSignal(true);
  useSignalEffect(() => {
    const text = view.value.value;
    if (text !== dateOf(typed.peek())) typed.value = partsOf(text, n);
  });
  const put = (at: number, text: string): void => {
    const digits = halfWidth(text)
      .replace(/\D/g, '')
      .slice(0, PARTS[at]?.length ?? 2);
    typed.value = typed.peek().map((part, each) => (each === at ? digits : part));
    desk.set(view, dateOf(typed.peek()));
  };
  const isHalf = dateOf(typed.value) === '' && typed.value.some(part => part !== '');
  const { id, ...about } = told(view);
  return (
    <>
      <div
        class="date-parts"
        onFocusIn={() => (isLeft.value = false)}
        onFocusOut={() => (isLeft.value = true)}
      >
        {PARTS.slice(0, n).map(({ name, length }, at) => (
          <label key={name}>
            <input
              {...about}
              id={at === 0 ? id : `${idOf(view.path)}-${name}`}
              class="input"
              type="text"
              inputMode="numeric"
              autocomplete="off"
              maxLength={length + 2}
              size={length}
              value={typed.value[at] ?? ''}
              onInput={event => put(at, event.currentTarget.value)}
            />
            <span>{t(name)}</span>
          </label>
        ))}
      </div>
      {isHalf && isLeft.value ? <p class="q-hint">{t('date_unfinished')}</p> : null}
    </>
  );
}

function partsOf(text: string, n: number): string[] {
  const [year = '', month = '', day = ''] = text.slice(0, 10).split('-');
  return [year, month, day].slice(0, n);
}
