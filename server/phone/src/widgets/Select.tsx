/** One choice or several: all in sight while they are few, a panel with a search field when they are many. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Choice, QuestionView } from '../filling/types.ts';
import { Icon, Sheet } from '../parts.tsx';
import { t } from '../texts.ts';
import { idOf, useDesk } from './context.ts';

const IN_SIGHT = 12;
const FIRST_SHOWN = 100;

const words = (text: string): string[] => text.split(' ').filter(word => word !== '');

function isInSight(view: QuestionView): boolean {
  const looks = view.def.appearance;
  const isHidden = looks.some(
    look => look === 'minimal' || look.includes('search') || look === 'autocomplete',
  );
  return !isHidden && view.choices.value.length <= IN_SIGHT;
}

export function SelectOne({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  if (!isInSight(view)) return <Picker view={view} isMany={false} />;
  const chosen = view.value.value;
  return (
    <div role="radiogroup" id={idOf(view.path)}>
      <Choices
        kind="radio"
        name={idOf(view.path)}
        choices={view.choices.value}
        isChosen={name => name === chosen}
        onChoose={name => desk.set(view, name)}
      />
      {chosen !== '' && !view.required.value ? (
        <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
          {t('optional_clear')}
        </button>
      ) : null}
    </div>
  );
}

export function SelectMultiple({ view }: { view: QuestionView }): JSX.Element {
  const toggle = useToggle(view);
  if (!isInSight(view)) return <Picker view={view} isMany={true} />;
  const chosen = new Set(words(view.value.value));
  return (
    <div role="group" id={idOf(view.path)}>
      <Choices
        kind="checkbox"
        name={idOf(view.path)}
        choices={view.choices.value}
        isChosen={name => chosen.has(name)}
        onChoose={toggle}
      />
    </div>
  );
}

function useToggle(view: QuestionView): (name: string) => void {
  const desk = useDesk();
  return name => {
    const before = words(view.value.peek());
    const after = before.includes(name) ? before.filter(word => word !== name) : [...before, name];
    desk.set(view, after.join(' '));
  };
}

function Choices(props: {
  kind: 'radio' | 'checkbox';
  name: string;
  choices: readonly Choice[];
  isChosen: (name: string) => boolean;
  onChoose: (name: string) => void;
  onTap?: (name: string) => void;
}): JSX.Element {
  if (props.choices.length === 0) return <p class="q-hint">{t('no_choices')}</p>;
  return (
    <>
      {props.choices.map(choice => (
        <label key={choice.name} class={`choice${props.isChosen(choice.name) ? ' is-chosen' : ''}`}>
          <input
            type={props.kind}
            name={props.name}
            value={choice.name}
            checked={props.isChosen(choice.name)}
            onChange={() => props.onChoose(choice.name)}
            onClick={event => event.detail > 0 && props.onTap?.(choice.name)}
          />
          <span>{choice.label === '' ? choice.name : choice.label}</span>
        </label>
      ))}
    </>
  );
}

/** A field that opens the panel, with what is chosen in it. */
function Picker({ view, isMany }: { view: QuestionView; isMany: boolean }): JSX.Element {
  const isOpen = useSignal(false);
  const chosen = words(view.value.value);
  return (
    <>
      <button
        class={`input pick${chosen.length === 0 ? ' is-empty' : ''}`}
        id={idOf(view.path)}
        type="button"
        onClick={() => (isOpen.value = true)}
      >
        <span>{chosen.length === 0 ? t('choose') : labelsOf(view)}</span>
        <Icon name="next" />
      </button>
      {isOpen.value ? <Panel view={view} isMany={isMany} onClose={() => (isOpen.value = false)} /> : null}
    </>
  );
}

/** What is chosen, in words; a name that is no longer among the choices stays visible as it is. */
export function labelsOf(view: QuestionView): string {
  const labels = new Map(view.choices.value.map(choice => [choice.name, choice.label]));
  return words(view.value.value)
    .map(name => labels.get(name) ?? name)
    .join('、');
}

function matches(choice: Choice, wanted: string): boolean {
  const row = choice.row;
  const text = `${choice.label} ${choice.name} ${row['pinyin'] ?? ''}`;
  return text.toLowerCase().includes(wanted);
}

function Panel(props: { view: QuestionView; isMany: boolean; onClose: () => void }): JSX.Element {
  const { view, isMany, onClose } = props;
  const desk = useDesk();
  const toggle = useToggle(view);
  const wanted = useSignal('');
  const all = view.choices.value;
  const found = all.filter(choice => matches(choice, wanted.value.trim().toLowerCase()));
  const chosen = new Set(words(view.value.value));
  const choose = isMany ? toggle : (name: string) => desk.set(view, name);
  // A tap says "this one", also on what is chosen already; arrow keys only move. The panel is gone before the
  // browser would report the change.
  const tap = (name: string): void => {
    choose(name);
    onClose();
  };
  const onTap = isMany ? {} : { onTap: tap };
  return (
    <Sheet title={view.label.value} onClose={onClose} tall={all.length > IN_SIGHT}>
      <div class="sheet-pad">
        {all.length > IN_SIGHT ? (
          <input
            class="input"
            type="search"
            placeholder={t('narrow_down')}
            aria-label={t('narrow_down')}
            onInput={event => (wanted.value = event.currentTarget.value)}
          />
        ) : null}
        <Choices
          kind={isMany ? 'checkbox' : 'radio'}
          name={`${idOf(view.path)}-panel`}
          choices={found.slice(0, FIRST_SHOWN)}
          isChosen={name => chosen.has(name)}
          onChoose={choose}
          {...onTap}
        />
        {chosen.size > 0 && !isMany && !view.required.value ? (
          <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
            {t('optional_clear')}
          </button>
        ) : null}
        {isMany || all.length <= IN_SIGHT ? (
          <button class="button look-main" type="button" onClick={onClose}>
            {t('done')}
          </button>
        ) : null}
      </div>
    </Sheet>
  );
}
