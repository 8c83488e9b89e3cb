/** Choices in sight: below each other, in columns, packed, as a scale, or as one row of a table. */
import type { JSX } from 'preact';
import type { Choice, QuestionView } from '../filling/types.ts';
import { t } from '../texts/filling.ts';
import { idOf, looksLike } from './context.ts';
import type { Layout } from './layouts.ts';
import { columnsOf, fitsBeside } from './layouts.ts';
import { rarely } from './rarely.ts';
import { Rich } from './Rich.tsx';

const ChoiceMedia = rarely(rare => rare.ChoiceMedia);

export interface ChoicesProps {
  view: QuestionView;
  kind: 'radio' | 'checkbox';
  choices: readonly Choice[];
  layout: Layout;
  isChosen: (name: string) => boolean;
  onChoose: (name: string) => void;
  /** A tap, after the choice was made; arrow keys only move. */
  onTap?: (name: string) => void;
}

export function Choices(props: ChoicesProps): JSX.Element {
  const { choices, layout, view } = props;
  if (choices.length === 0) return <NoChoices view={view} />;
  const columns = columnsOf(view, choices.length);
  return (
    <div
      class={`choices is-${layout}${looksLike(view, 'no-buttons') ? ' no-buttons' : ''}`}
      {...(columns > 0 ? { style: { '--columns': columns } } : {})}
    >
      {choices.map(choice => (
        <ChoiceLine key={choice.name} {...props} choice={choice} />
      ))}
    </div>
  );
}

export function ChoiceLine(props: ChoicesProps & { choice: Choice }): JSX.Element {
  const { choice, kind, layout, view, onTap } = props;
  const isChosen = props.isChosen(choice.name);
  return (
    <label class={`choice${isChosen ? ' is-chosen' : ''}${choice.media?.['image'] ? ' is-pictured' : ''}`}>
      <input
        type={kind}
        name={idOf(view.path)}
        value={choice.name}
        checked={isChosen}
        {...(layout === 'nolabel' ? { 'aria-label': wordsOf(choice) } : {})}
        onChange={() => props.onChoose(choice.name)}
        onClick={event => event.detail > 0 && onTap?.(choice.name)}
      />
      {layout === 'nolabel' ? null : (
        <span>
          {choice.media ? <ChoiceMedia files={choice.media} words={choice.label || choice.name} /> : null}
          <Rich text={wordsOf(choice)} />
        </span>
      )}
    </label>
  );
}

/** Choices that depend on other answers come with those. */
export function NoChoices({ view }: { view: QuestionView }): JSX.Element {
  return <p class="q-hint clear">{t(view.def.choices ? 'no_choices_yet' : 'no_choices')}</p>;
}

/** A picture alone may be all that a choice says. */
export const wordsOf = ({ label, name, media }: Choice): string =>
  label === '' && media?.['image'] === undefined ? name : label;

/** The head of a table of questions: the choices' labels, each above its column. */
export function ChoiceLabels({ view }: { view: QuestionView }): JSX.Element | null {
  const choices = view.choices.value;
  if (!fitsBeside(view)) return null;
  return (
    <div class="choices is-labels" style={{ '--columns': choices.length }} aria-hidden="true">
      {choices.map(choice => (
        <span key={choice.name}>
          <Rich text={wordsOf(choice)} />
        </span>
      ))}
    </div>
  );
}
