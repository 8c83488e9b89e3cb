/** An open filling: its questions answered on one page at a time, each answer kept. */
import { batch, effect, signal, useSignalEffect } from '@preact/signals';
import type { ComponentType, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Filling, InstanceView, QuestionView, RepeatView } from '../filling/types.ts';
import type { Keeper } from '../keeper.ts';
import { languageOf, titleOf } from '../modules.ts';
import type { OpenFilling } from '../open.ts';
import { hush, say } from '../parts.tsx';
import { Position } from '../position.ts';
import { to } from '../route.ts';
import { t } from '../texts/filling.ts';
import type { Desk } from '../widgets/context.ts';
import { DeskProvider } from '../widgets/context.ts';
import type { EndProps } from './Errors.tsx';
import { FillPage } from './FillPage.tsx';
import { composed, moveOn } from './keys.ts';
import { stayPut } from './staying.ts';
import { firstWrong, nextAfter, scrollOnTo } from './wayfinding.ts';

type Ways = Pick<Desk, 'cameFrom' | 'follow' | 'open' | 'add' | 'addAnother' | 'remove'>;

interface Props {
  opened: OpenFilling;
  keeper: Keeper;
  /** A stored draft has an address already; one that never gets an address passes true too. */
  isStored: boolean;
  End: ComponentType<EndProps>;
}

export function Open({ opened, keeper, isStored, End }: Props): JSX.Element {
  const { filling, draft } = opened;
  const comments = useMemo(() => opened.returned?.comments ?? {}, []);
  const position = useMemo(() => new Position(filling, draft.body.page, comments), []);
  useKeepWhenLeaving(keeper);
  useBackLeavesInstance(position);
  useSignalEffect(() => {
    filling.language.value = languageOf(filling.module);
  });
  const desk = useMemo(() => deskOf(opened, position, keeper, isStored, comments), []);
  const title = titleOf(filling.module.title, filling.language.value);
  return (
    <DeskProvider value={desk}>
      <div onKeyDown={moveOn} onCompositionEnd={composed}>
        <FillPage opened={opened} position={position} keeper={keeper} title={title} End={End} />
      </div>
    </DeskProvider>
  );
}

/** What widgets may do: every change of an answer is kept, and every way into an instance can be gone back. */
function deskOf(
  { filling, draft, lists, media }: OpenFilling,
  position: Position,
  keeper: Keeper,
  isStored: boolean,
  comments: Readonly<Record<string, string>>,
): Desk {
  let isAddressed = isStored;
  const changed = (): void => {
    keeper.changed();
    if (isAddressed) return;
    // From its first answer on, the draft has an address of its own: reloading the page comes back to it.
    isAddressed = true;
    history.replaceState(history.state, '', to('fill', draft.record.instance_id));
  };
  /** Whoever comes back out of an instance must find the draft's address there. */
  const address = (): void => {
    if (!isAddressed) changed();
  };
  return {
    filling,
    lists,
    media,
    isAsked: signal(false),
    comments,
    set(view: QuestionView, text: string) {
      if (view.value.peek() === text) return;
      stayPut();
      filling.set(view, text);
      changed();
    },
    advance(view) {
      const level = position.here.peek();
      const items = level?.pages[level.index]?.items ?? [];
      const next = nextAfter(items, view);
      if (next) requestAnimationFrame(() => scrollOnTo(next));
      else if (!firstWrong(items) && position.turn(1)) scrollTo(0, 0);
    },
    ...waysOf(filling, position, changed, address),
  };
}

/** The ways into the instances of repeats, and their coming and going. */
function waysOf(filling: Filling, position: Position, changed: () => void, address: () => void): Ways {
  const made = (repeat: RepeatView): InstanceView => {
    const instance = filling.addRepeat(repeat);
    changed();
    return instance;
  };
  return {
    cameFrom: () => position.lastLeft,
    follow(steps) {
      if (steps.some(step => step.instance)) address();
      position.follow(steps);
    },
    open(repeat, instance) {
      address();
      position.enter(repeat, instance);
      scrollTo(0, 0);
    },
    add(repeat) {
      this.open(repeat, made(repeat));
    },
    addAnother(repeat) {
      const instance = made(repeat);
      batch(() => {
        position.leaveTo(position.depth.peek() - 1);
        position.enter(repeat, instance);
      });
      scrollTo(0, 0);
    },
    remove(repeat, index) {
      const putBack = filling.removeRepeat(repeat, index);
      changed();
      say(t('removed'), () => {
        putBack();
        changed();
      });
    },
  };
}

function useKeepWhenLeaving(keeper: Keeper): void {
  useEffect(() => {
    const part = (): void => keeper.parting();
    document.addEventListener('visibilitychange', part);
    addEventListener('pagehide', part);
    return () => {
      document.removeEventListener('visibilitychange', part);
      removeEventListener('pagehide', part);
      void keeper.leave();
      hush();
    };
  }, []);
}

/**
 * The phone's back button leaves an instance before it leaves the form: the history is as deep as the position,
 * however that came about. Where to scroll then, the list says.
 */
function useBackLeavesInstance(position: Position): void {
  useEffect(() => {
    history.scrollRestoration = 'manual';
    // At once, not in the next frame, as useSignalEffect would: back may be tapped before.
    const stop = effect(() => {
      const depth = position.depth.value;
      const before = depthOf(history.state);
      if (depth < before) history.go(depth - before);
      for (let at = before + 1; at <= depth; at++) history.pushState({ depth: at }, '');
    });
    const back = (event: PopStateEvent): void => {
      const depth = depthOf(event.state);
      if (depth < position.depth.peek()) position.leaveTo(depth);
    };
    addEventListener('popstate', back);
    return () => {
      stop();
      removeEventListener('popstate', back);
      history.scrollRestoration = 'auto';
    };
  }, []);
}

function depthOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;
}
