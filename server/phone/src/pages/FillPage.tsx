/** One page of a filling with its title, progress and the buttons that turn pages, and what finishing takes. */
import { useSignal } from '@preact/signals';
import type { ComponentType, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { QuestionView } from '../filling/types.ts';
import type { Keeper } from '../keeper.ts';
import type { OpenFilling } from '../open.ts';
import type { Page, Step } from '../pagination.ts';
import { isPageLikely } from '../pagination.ts';
import { hush, Icon, Screen } from '../parts.tsx';
import type { Level, Position } from '../position.ts';
import { t } from '../texts/filling.ts';
import { afterKeeping } from '../widgets/begun.ts';
import { useDesk } from '../widgets/context.ts';
import { Items } from '../widgets/Items.tsx';
import { instanceLabel } from '../widgets/labels.ts';
import { lazily } from '../widgets/Lazy.tsx';
import { LabelMedia } from '../widgets/Question.tsx';
import { Rich } from '../widgets/Rich.tsx';
import type { ContentsProps } from './Contents.tsx';
import type { EndProps } from './Errors.tsx';
import { Returned } from './Returned.tsx';
import { bringToView, firstWrong } from './wayfinding.ts';

const Contents = lazily<ContentsProps>(() => import('./Contents.tsx').then(({ Contents: found }) => found));

const DOUBLE_TAP_MS = 300;

type Over = 'none' | 'contents' | 'finish';

interface Props {
  opened: OpenFilling;
  position: Position;
  keeper: Keeper;
  title: string;
  /** What comes after the last page. */
  End: ComponentType<EndProps>;
}

export function FillPage({ opened, position, keeper, title, End }: Props): JSX.Element | null {
  const over = useSignal<Over>('none');
  const desk = useDesk();
  const { record } = opened.draft;
  const level = position.here.value;
  const page = level?.pages[level.index];
  useEffect(() => {
    if (position.depth.value === 0) keeper.turned(position.rootPage);
  });
  useEffect(() => (over.value === 'finish' ? hush() : undefined), [over.value]);
  const follow = (steps: readonly Step[]): void => {
    over.value = 'none';
    desk.follow(steps);
  };
  const goTo = (view: QuestionView): void => {
    follow(position.wayTo(view));
    requestAnimationFrame(() => bringToView(view));
  };
  if (over.value === 'finish') {
    return <End opened={opened} position={position} goTo={goTo} onBack={() => (over.value = 'none')} />;
  }
  if (level === undefined) return null;
  return (
    <Screen
      title={title}
      back
      right={<ContentsButton onClick={() => (over.value = 'contents')} />}
      below={<Meter level={level} />}
    >
      {record.deprecated_id !== '' ? <Returned comment={opened.returned?.comment ?? ''} goTo={goTo} /> : null}
      {page ? <PageTitle page={page} level={level} /> : null}
      {page ? <Items key={pageKey(level)} views={page.items} untitled={page.group} /> : null}
      {level.instance ? <InstanceButtons position={position} level={level} /> : null}
      <Turn position={position} onFinish={() => (over.value = 'finish')} />
      {over.value === 'contents' ? (
        <Contents
          position={position}
          onClose={() => (over.value = 'none')}
          onGo={steps => {
            follow(steps);
            scrollTo(0, 0);
          }}
          onFinish={() => afterKeeping(() => (over.value = 'finish'))}
        />
      ) : null}
    </Screen>
  );
}

const pageKey = (level: Level | undefined): string => `${level?.instance?.key ?? 0}-${level?.index ?? 0}`;

function ContentsButton({ onClick }: { onClick: () => void }): JSX.Element {
  return (
    <button class="bar-button" type="button" aria-label={t('contents')} onClick={onClick}>
      <Icon name="list" />
    </button>
  );
}

/** How far it is; pages that nobody will see aren't counted. */
function Meter({ level }: { level: Level }): JSX.Element {
  const { turns } = useDesk().filling;
  const likely = (): number[] => [...level.pages.keys()].filter(at => isPageLikely(level.pages[at]));
  const shown = useMemo(likely, [level.pages, turns.value]);
  const i = shown.filter(at => at <= level.index).length;
  const n = Math.max(1, shown.length);
  return (
    <div
      class="meter"
      role="progressbar"
      aria-label={t('page_of', { i, n })}
      aria-valuenow={i}
      aria-valuemax={n}
    >
      <i style={{ width: `${(100 * i) / n}%` }} />
    </div>
  );
}

function PageTitle({ page, level }: { page: Page; level: Level }): JSX.Element | null {
  const desk = useDesk();
  const text = page.group?.label.value ?? '';
  const where = level.repeat && level.instance ? instanceLabel(level.repeat, level.instance, desk) : '';
  // A group too long for one page stands in none of them: its pictures are shown with its title.
  const apart = page.group?.def.media && !page.items.includes(page.group) ? page.group : null;
  if (text === '' && where === '') return apart && <LabelMedia view={apart} />;
  return (
    <>
      <h2 class="page-title">
        {where}
        {where !== '' && text !== '' ? ' · ' : ''}
        <Rich text={text} />
      </h2>
      {apart ? <LabelMedia view={apart} /> : null}
    </>
  );
}

/** At the end of the last instance one more is a tap away; any can be deleted. */
function InstanceButtons({ position, level }: { position: Position; level: Level }): JSX.Element | null {
  const desk = useDesk();
  const goPast = useGoingPast(level);
  const { isResting, calmly } = useCalm();
  const { repeat, instance } = level;
  if (!repeat?.isOpen || !instance) return null;
  const isLast = repeat.instances.value.at(-1)?.key === instance.key;
  const isAtEnd = position.nextShown(level.index, 1) < 0;
  const remove = (): void => {
    if (!confirm(t('remove_sure'))) return;
    const index = repeat.instances.peek().findIndex(each => each.key === instance.key);
    history.back();
    if (index >= 0) desk.remove(repeat, index);
  };
  return (
    <div class="buttons">
      {isLast && isAtEnd ? (
        <button
          class="button"
          type="button"
          aria-disabled={isResting}
          onClick={calmly(() => afterKeeping(() => goPast(() => desk.addAnother(repeat))))}
        >
          {t('add_another')}
        </button>
      ) : null}
      <button class="button look-danger" type="button" onClick={remove}>
        {t('remove_this')}
      </button>
    </div>
  );
}

/** Going on past something wrong takes a second tap: the first shows what it is. */
function useGoingPast(level: Level | undefined): (go: () => void) => void {
  const { isAsked } = useDesk();
  const hasWarned = isAsked.value;
  return go => {
    // Leaving the field first lets its error show.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const wrong = hasWarned ? undefined : firstWrong(level?.pages[level.index]?.items ?? []);
    isAsked.value = wrong !== undefined;
    if (wrong) requestAnimationFrame(() => bringToView(wrong));
    else go();
  };
}

interface Calm {
  isResting: boolean;
  calmly: (act: () => void) => (event: MouseEvent) => void;
}

/** The second tap of a double one would pass over a page, or over what is wrong, before anybody saw it. */
function useCalm(): Calm {
  const isResting = useSignal(false);
  const calmly: Calm['calmly'] = act => event => {
    const isTap = event.detail > 0;
    if (isTap && isResting.value) return;
    isResting.value = isTap;
    if (isTap) setTimeout(() => (isResting.value = false), DOUBLE_TAP_MS);
    act();
  };
  return { isResting: isResting.value, calmly };
}

function Turn({ position, onFinish }: { position: Position; onFinish: () => void }): JSX.Element {
  const { isAsked } = useDesk();
  const level = position.here.value;
  const goPast = useGoingPast(level);
  const { isResting, calmly } = useCalm();
  const isInside = position.depth.value > 0;
  const isFirst = position.nextShown(level?.index ?? 0, -1) < 0;
  const isLast = position.nextShown(level?.index ?? 0, 1) < 0;
  const turn = (step: 1 | -1): void => {
    isAsked.value = false;
    if (position.turn(step)) scrollTo(0, 0);
  };
  const goOn = (): void => {
    if (!isLast) turn(1);
    else if (isInside) history.back();
    else onFinish();
  };
  return (
    <div class="fill-bar">
      <button
        class="button slim"
        type="button"
        disabled={isFirst}
        aria-disabled={isResting}
        onClick={calmly(() => turn(-1))}
      >
        {t('previous')}
      </button>
      <button
        class="button look-main"
        type="button"
        aria-disabled={isResting}
        onClick={calmly(() => afterKeeping(() => goPast(goOn)))}
      >
        {t(isLast ? (isInside ? 'done' : 'finish') : isAsked.value ? 'next_anyway' : 'next')}
      </button>
    </div>
  );
}
