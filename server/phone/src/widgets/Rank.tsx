/** Choices put in order with two large buttons each. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts.ts';
import { useDesk } from './context.ts';

export function Rank({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const labels = new Map(view.choices.value.map(choice => [choice.name, choice.label]));
  const ranked = view.value.value.split(' ').filter(name => labels.has(name));
  const order = [...ranked, ...[...labels.keys()].filter(name => !ranked.includes(name))];
  const move = (at: number, step: number): void => {
    const after = order.filter((_, n) => n !== at);
    after.splice(at + step, 0, order[at] ?? '');
    desk.set(view, after.join(' '));
  };
  return (
    <div>
      {order.map((name, at) => (
        <div key={name} class="choice">
          <b>{at + 1}</b>
          <span>{labels.get(name)}</span>
          <button class="small-link" type="button" disabled={at === 0} onClick={() => move(at, -1)}>
            {t('move_up')}
          </button>
          <button
            class="small-link"
            type="button"
            disabled={at === order.length - 1}
            onClick={() => move(at, 1)}
          >
            {t('move_down')}
          </button>
        </div>
      ))}
    </div>
  );
}
