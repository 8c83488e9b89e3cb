/** A field that opens a panel of choices: a search by words, codes or pinyin initials, and few rows drawn at a time. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Choice, QuestionView } from '../filling/types.ts';
import { firstLine } from '../markup.ts';
import { Icon, Sheet } from '../parts.tsx';
import { t } from '../texts/filling.ts';
import { ChoiceLine } from './Choices.tsx';
import { labelId, looksLike, told, useDesk } from './context.ts';
import { finderOf } from './finder.ts';
import { useToggle, words } from './picked.ts';
import { labelsOf } from './shown.ts';
import { Window } from './Window.tsx';

const SEARCHED_FROM = 12;

interface Props {
  view: QuestionView;
  isMany: boolean;
  onChosen?: () => void;
}

export function Picker(props: Props): JSX.Element {
  const { view } = props;
  const isOpen = useSignal(false);
  const isEmpty = view.value.value === '';
  const { id, ...about } = told(view);
  const close = (): void => {
    isOpen.value = false;
    // The panel took the focus; without this it would be lost at the top of the page.
    document.getElementById(id)?.focus({ preventScroll: true });
  };
  return (
    <>
      <button
        class={`input pick${isEmpty ? ' is-empty' : ''}`}
        id={id}
        type="button"
        aria-haspopup="dialog"
        aria-labelledby={`${labelId(view)} ${id}-chosen`}
        aria-describedby={about['aria-describedby']}
        onClick={() => (isOpen.value = true)}
      >
        <span id={`${id}-chosen`}>{isEmpty ? t('choose') : labelsOf(view)}</span>
        <Icon name="next" />
      </button>
      {isOpen.value ? <Panel {...props} onClose={close} /> : null}
    </>
  );
}

function Panel({ view, isMany, onChosen, onClose }: Props & { onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const toggle = useToggle(view);
  const wanted = useSignal('');
  const all = view.choices.value;
  const find = useMemo(() => finderOf(all), [all]);
  const found = find(wanted.value);
  const chosen = new Set(isMany ? words(view.value.value) : [view.value.value]);
  const choose = isMany ? toggle : (name: string) => desk.set(view, name);
  // A tap says "this one", also on what is chosen already; arrow keys only move. The panel is gone before the
  // browser would report the change.
  const tap = (name: string): void => {
    choose(name);
    onClose();
    onChosen?.();
  };
  const isSearched = all.length > SEARCHED_FROM || looksLike(view, 'autocomplete', 'search');
  return (
    <Sheet title={firstLine(view.label.value)} onClose={onClose} tall={all.length > SEARCHED_FROM}>
      {isSearched ? <Search onInput={text => (wanted.value = text)} nFound={found.length} /> : null}
      <div class="sheet-pad">
        <Choices
          key={wanted.value}
          found={found}
          show={choice => (
            <ChoiceLine
              key={choice.name}
              view={view}
              kind={isMany ? 'checkbox' : 'radio'}
              layout="list"
              choices={found}
              choice={choice}
              isChosen={name => chosen.has(name)}
              onChoose={choose}
              {...(isMany ? {} : { onTap: tap })}
            />
          )}
        />
      </div>
      <div class="sheet-foot">
        {view.value.value !== '' && !isMany && !view.required.value ? (
          <button class="button slim" type="button" onClick={() => desk.set(view, '')}>
            {t('optional_clear')}
          </button>
        ) : null}
        <button class="button look-main" type="button" onClick={onClose}>
          {t('done')}
        </button>
      </div>
    </Sheet>
  );
}

function Choices(props: { found: readonly Choice[]; show: (choice: Choice) => JSX.Element }): JSX.Element {
  if (props.found.length === 0) return <p class="empty">{t('none_found')}</p>;
  return <Window of={props.found} show={props.show} />;
}

/** Filters while the input method still composes: half a syllable is letters, and initials are searched by letters. */
function Search({ onInput, nFound }: { onInput: (text: string) => void; nFound: number }): JSX.Element {
  return (
    <div class="sheet-search">
      <input
        class="input"
        type="search"
        autocomplete="off"
        placeholder={t('search_choices')}
        aria-label={t('search_choices')}
        onInput={event => onInput(event.currentTarget.value)}
      />
      <span class="sheet-count" role="status">
        {t('n_found', { n: nFound })}
      </span>
    </div>
  );
}
