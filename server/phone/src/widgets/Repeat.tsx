/** The instances of a repeat as a list; each opens on a page of its own, so that only one is ever drawn. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { InstanceView, Problem, RepeatView, View } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import { firstLine } from '../markup.ts';
import { t } from '../texts/filling.ts';
import { idOf, useDesk } from './context.ts';
import { answersIn, instanceLabel, repeatLabel } from './labels.ts';
import { Marks } from './Marks.tsx';
import { LabelMedia } from './Question.tsx';
import { Rich } from './Rich.tsx';
import { Window } from './Window.tsx';

const NOTE_PARTS = 2;
const BEFORE = 30; // rows before the one that is shown again

const rowId = (key: number): string => `instance-${key}`;

export function Repeat({ view }: { view: RepeatView }): JSX.Element {
  const desk = useDesk();
  const instances = view.instances.value;
  const label = repeatLabel(view, desk.filling.language.value);
  const came = instances.findIndex(each => each.key === desk.cameFrom());
  // Whoever comes out of an instance finds it where the eyes are, and after the last the button for one more.
  useEffect(() => {
    if (came >= 0) document.getElementById(rowId(desk.cameFrom()))?.scrollIntoView({ block: 'center' });
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

/** Which one it is, what else was answered there, and what is left to do. */
function Summary({ repeat, instance }: { repeat: RepeatView; instance: InstanceView }): JSX.Element {
  const desk = useDesk();
  const title = instanceLabel(repeat, instance, desk, true);
  const others = answersIn(instance, desk).filter(text => !title.includes(text));
  return (
    <span class="cell-main">
      <span class="cell-title">{title}</span>
      <span class="cell-note">{others.slice(0, NOTE_PARTS).join(' · ')}</span>
      <Marks of={problemsIn(instance.children)} />
    </span>
  );
}

function problemsIn(views: readonly View[]): Problem[] {
  return views.flatMap(view => {
    if (view.kind === 'question') return view.problem.value ?? [];
    if (view.kind === 'group') return problemsIn(view.children);
    return view.instances.value.flatMap(each => problemsIn(each.children));
  });
}
