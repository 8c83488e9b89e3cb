/** One tick that says "I have seen this". */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts/filling.ts';
import { told, useDesk } from './context.ts';

export function Acknowledge({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  return (
    <label class={`choice${view.value.value === 'OK' ? ' is-chosen' : ''}`}>
      <input
        {...told(view)}
        type="checkbox"
        checked={view.value.value === 'OK'}
        onChange={event => desk.set(view, event.currentTarget.checked ? 'OK' : '')}
      />
      <span>{t('i_confirm')}</span>
    </label>
  );
}
