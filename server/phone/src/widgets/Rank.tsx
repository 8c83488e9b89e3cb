/** Choices put in order: each tap gives the next place, and two arrows mend what went wrong. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import { t } from '../texts/rare.ts';
import { NoChoices, wordsOf } from './Choices.tsx';
import { useDesk } from './context.ts';
import { Rich } from './Rich.tsx';
import { words } from './picked.ts';

export function Rank({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const choices = view.choices.value;
  if (choices.length === 0) return <NoChoices view={view} />;
  const labels = new Map(choices.map(choice => [choice.name, wordsOf(choice)]));
  const ranked = words(view.value.value).filter(name => labels.has(name));
  const rest = choices.map(({ name }) => name).filter(name => !ranked.includes(name));
  const keep = (order: readonly string[]): void => desk.set(view, order.join(' '));
  const place = (name: string): void => {
    // The last one left has only one place to go to.
    const [other, ...others] = rest.filter(each => each !== name);
    keep([...ranked, name, ...(other !== undefined && others.length === 0 ? [other] : [])]);
  };
  const move = (at: number, step: number): void => {
    const after = ranked.filter((_, n) => n !== at);
    after.splice(at + step, 0, ranked[at] ?? '');
    keep(after);
  };
  return (
    <div class="rank">
      {rest.length > 0 ? <p class="q-hint">{t('rank_by_tapping')}</p> : null}
      {ranked.map((name, at) => (
        <div key={name} class="choice is-chosen">
          <b class="rank-place">{at + 1}</b>
          <span>
            <Rich text={labels.get(name) ?? name} />
          </span>
          <div class="rank-moves">
            <Move label={t('move_up')} icon="up" isOff={at === 0} onClick={() => move(at, -1)} />
            <Move
              label={t('move_down')}
              icon="down"
              isOff={at === ranked.length - 1}
              onClick={() => move(at, 1)}
            />
          </div>
        </div>
      ))}
      {rest.map(name => (
        <button key={name} class="choice" type="button" onClick={() => place(name)}>
          <b class="rank-place is-open" />
          <span>
            <Rich text={labels.get(name) ?? name} />
          </span>
        </button>
      ))}
      {ranked.length > 0 ? (
        <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
          {t('rank_again')}
        </button>
      ) : null}
    </div>
  );
}

function Move(props: { label: string; icon: string; isOff: boolean; onClick: () => void }): JSX.Element {
  return (
    <button
      class="round"
      type="button"
      aria-label={props.label}
      disabled={props.isOff}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
