/** The instances of a repeat as a list; each opens on a page of its own, so that only one is ever drawn. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { InstanceView, QuestionView, RepeatView, View } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import { firstLine } from '../markup.ts';
import { t } from '../texts/filling.ts';
import { idOf, useDesk } from './context.ts';
import { instanceLabel, repeatLabel } from './labels.ts';
import { LabelMedia } from './Question.tsx';
import { Rich } from './Rich.tsx';
import { shownValue } from './shown.ts';
import { Window } from './Window.tsx';

const NOTE_PARTS = 2;
const BEFORE = 30; // rows before the one that is shown again
const IN_SIGHT = 4; // so many are seen without scrolling

const rowId = (key: number): string => `instance-${key}`;

export function Repeat({ view }: { view: RepeatView }): JSX.Element {
  const desk = useDesk();
  const instances = view.instances.value;
  const label = repeatLabel(view, desk.filling.language.value);
  const came = instances.findIndex(each => each.key === desk.cameFrom());
  // Whoever adds one after the other finds the button where the last one stands, not a long way below; a frame
  // later, since the browser first goes back to where the list was.
  useEffect(() => {
    if (came <= IN_SIGHT) return;
    const row = rowId(desk.cameFrom());
    requestAnimationFrame(() => document.getElementById(row)?.scrollIntoView({ block: 'center' }));
  }, []);
  return (
    <section class="section" id={idOf(view.path)}>
      <h3 class="part-title">
        <Rich text={label} />
      </h3>
      {view.def.media ? <LabelMedia view={view} /> : null}
      <div class="cells">
        <Window
          of={instances}
          from={Math.max(0, came - BEFORE)}
          show={instance => (
            <button
              key={instance.key}
              id={rowId(instance.key)}
              class="cell"
              type="button"
              onClick={() => desk.open(view, instance)}
            >
              <Summary repeat={view} instance={instance} />
              <Icon name="next" />
            </button>
          )}
        />
        {instances.length === 0 ? <p class="plain-note">{t('no_items')}</p> : null}
      </div>
      {view.isOpen ? (
        <div class="buttons">
          <button class="button" type="button" onClick={() => desk.add(view)}>
            + {t('add')} {firstLine(label)}
          </button>
        </div>
      ) : null}
    </section>
  );
}

/** An item is called by its first question's answer; until that is given, by its place. */
function Summary({ repeat, instance }: { repeat: RepeatView; instance: InstanceView }): JSX.Element {
  const { lists, filling } = useDesk();
  const [first, ...others] = asked(instance.children);
  const isNamed = first !== undefined && first.value.value !== '';
  const answered = others.filter(view => view.value.value !== '').slice(0, NOTE_PARTS);
  const nWrong = wrongIn(instance.children);
  return (
    <>
      <span class="cell-main">
        <span class="cell-title">
          {isNamed ? shownValue(first, lists) : instanceLabel(repeat, instance, filling.language.value)}
        </span>
        <span class="cell-note">{answered.map(view => shownValue(view, lists)).join(' · ')}</span>
      </span>
      {nWrong > 0 ? <span class="tag tone-bad">{t('n_to_fix', { n: nWrong })}</span> : null}
    </>
  );
}

function questionsIn(views: readonly View[]): QuestionView[] {
  return views.flatMap(view =>
    view.kind === 'question' ? [view] : view.kind === 'group' ? questionsIn(view.children) : [],
  );
}

const asked = (views: readonly View[]): QuestionView[] =>
  questionsIn(views).filter(view => view.def.control !== '' && view.relevant.value);

function wrongIn(views: readonly View[]): number {
  return questionsIn(views).filter(view => view.relevant.value && view.error.value !== '').length;
}
