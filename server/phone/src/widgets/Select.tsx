/** One choice or several: all in sight while they are few, a panel with a search field when they are many. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts/filling.ts';
import { ChoiceLabels, Choices } from './Choices.tsx';
import { looksLike, useDesk } from './context.ts';
import { layoutOf } from './layouts.ts';
import { useToggle, words } from './picked.ts';
import { Picker } from './Picker.tsx';

export function SelectOne({ view }: { view: QuestionView }): JSX.Element | null {
  const desk = useDesk();
  const layout = layoutOf(view);
  if (layout === 'labels') return <ChoiceLabels view={view} />;
  const chosen = view.value.value;
  const isQuick =
    looksLike(view, 'quick') || view.def.appearance.some(look => look.startsWith('quickcompact'));
  const onTap = isQuick ? { onTap: () => desk.advance(view) } : {};
  if (layout === 'hidden') {
    return <Picker view={view} isMany={false} onChosen={() => isQuick && desk.advance(view)} />;
  }
  return (
    <>
      <Choices
        view={view}
        kind="radio"
        layout={layout}
        choices={view.choices.value}
        isChosen={name => name === chosen}
        onChoose={name => desk.set(view, name)}
        {...onTap}
      />
      {chosen !== '' && !view.required.value ? (
        <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
          {t('optional_clear')}
        </button>
      ) : null}
    </>
  );
}

export function SelectMultiple({ view }: { view: QuestionView }): JSX.Element | null {
  const toggle = useToggle(view);
  const layout = layoutOf(view);
  if (layout === 'labels') return <ChoiceLabels view={view} />;
  if (layout === 'hidden') return <Picker view={view} isMany={true} />;
  const chosen = new Set(words(view.value.value));
  return (
    <Choices
      view={view}
      kind="checkbox"
      layout={layout}
      choices={view.choices.value}
      isChosen={name => chosen.has(name)}
      onChoose={toggle}
    />
  );
}
