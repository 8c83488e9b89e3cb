/** Fill: opens a filling, shows one page of it at a time, saves every answer, and finalises. */
import { signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { returnedFor } from '../comments.ts';
import { isFull } from '../db.ts';
import type { QuestionView } from '../filling/types.ts';
import { pickLanguage, titleOf } from '../forms.ts';
import type { NotOpen, OpenFilling } from '../open.ts';
import { DraftKeeper, holdDraft, openNew, openStored } from '../open.ts';
import { Empty, say, Screen } from '../parts.tsx';
import { Position } from '../position.ts';
import { language } from '../settings.ts';
import { replace, to } from '../route.ts';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import type { Desk } from '../widgets/context.ts';
import { DeskProvider } from '../widgets/context.ts';
import { FillPage } from './FillPage.tsx';

const TROUBLE: Record<NotOpen, TextKey> = {
  form_missing: 'form_not_here',
  record_missing: 'not_found',
};

interface Props {
  /** The stored draft to go on with, or '' and a form to start. */
  instanceId: string;
  formId: string;
  subject: string;
}

const SLOW_MS = 200;

export function Fill({ instanceId, formId, subject }: Props): JSX.Element | null {
  const opened = useSignal<OpenFilling | null>(null);
  const said = useSignal<TextKey | null>(null);
  // Not after the first frame: what is in memory opens within it, and "opening" would only flash.
  useLayoutEffect(() => {
    const slow = setTimeout(() => (said.value ??= 'opening'), SLOW_MS);
    let release: (() => void) | null = null;
    let isGone = false;
    const hold = async (draftId: string): Promise<boolean> => {
      release = await holdDraft(draftId);
      if (release === null) said.value = 'open_elsewhere';
      else if (isGone) release();
      return release !== null && !isGone;
    };
    const open = async (): Promise<void> => {
      // Before it is read: what another window stores until it lets go of the draft must not be lost.
      if (instanceId !== '' && !(await hold(instanceId))) return;
      const found = await (instanceId === '' ? openNew(formId, subject) : openStored(instanceId));
      if (typeof found === 'string') {
        said.value = TROUBLE[found];
        return;
      }
      if (found.draft.record.state !== 'draft') {
        replace('record', found.draft.record.instance_id);
        return;
      }
      opened.value = found;
      // No other window can have a draft that was only just made.
      if (instanceId === '') await hold(found.draft.record.instance_id);
    };
    void open();
    return () => {
      isGone = true;
      clearTimeout(slow);
      release?.();
    };
  }, []);
  if (opened.value) return <Open opened={opened.value} isStored={instanceId !== ''} />;
  if (said.value === null) return null;
  return (
    <Screen title={t('app_name')} back>
      <Empty>{t(said.value)}</Empty>
    </Screen>
  );
}

function Open({ opened, isStored }: { opened: OpenFilling; isStored: boolean }): JSX.Element {
  const { filling, draft, lists } = opened;
  const comments = useMemo(() => returnedFor(draft.record)?.comments ?? {}, []);
  const position = useMemo(() => new Position(filling, draft.body.page, comments), []);
  const keeper = useMemo(() => new DraftKeeper(opened, isStored, sayTrouble), []);
  useKeepWhenLeaving(keeper);
  useBackLeavesInstance(position);
  useSignalEffect(() => {
    filling.language.value = pickLanguage(
      filling.module.languages,
      language.value,
      filling.module.default_language,
    );
  });
  const desk = useMemo<Desk>(() => {
    let isAddressed = isStored;
    const changed = (): void => {
      keeper.changed();
      if (isAddressed) return;
      // From its first answer on, the draft has an address of its own: reloading the page comes back to it.
      isAddressed = true;
      history.replaceState(history.state, '', to('fill', draft.record.instance_id));
    };
    return {
      filling,
      lists,
      isAsked: signal(false),
      comments,
      set(view: QuestionView, text: string) {
        if (view.value.peek() === text) return;
        filling.set(view, text);
        changed();
      },
      open(repeat, instance) {
        history.pushState({ depth: position.depth.peek() + 1 }, '');
        position.enter(repeat, instance);
        scrollTo(0, 0);
      },
      add(repeat) {
        const instance = filling.addRepeat(repeat);
        changed();
        this.open(repeat, instance);
      },
      remove(repeat, index) {
        filling.removeRepeat(repeat, index);
        changed();
      },
    };
  }, []);
  const title = titleOf(filling.module.title, language.value);
  return (
    <DeskProvider value={desk}>
      <div onKeyDown={moveOn}>
        <FillPage opened={opened} position={position} keeper={keeper} title={title} />
      </div>
    </DeskProvider>
  );
}

/** Whoever types in paper forms goes from field to field with Enter, except while the input method uses it. */
function moveOn(event: KeyboardEvent): void {
  const field = event.target;
  if (event.key !== 'Enter' || event.isComposing || !(field instanceof HTMLInputElement)) return;
  const fields = [
    ...document.querySelectorAll<HTMLElement>('.q input, .q textarea, .q button.pick, .fill-bar .look-main'),
  ];
  fields[fields.indexOf(field) + 1]?.focus();
  event.preventDefault();
}

const sayTrouble = (error: unknown): void => say(t(isFull(error) ? 'phone_full' : 'save_failed'));

function useKeepWhenLeaving(keeper: DraftKeeper): void {
  useEffect(() => {
    const flush = (): void => void keeper.flush();
    document.addEventListener('visibilitychange', flush);
    addEventListener('pagehide', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      removeEventListener('pagehide', flush);
      void keeper.leave();
    };
  }, []);
}

/** The phone's back button leaves an instance before it leaves the form. */
function useBackLeavesInstance(position: Position): void {
  useEffect(() => {
    const back = (event: PopStateEvent): void => {
      const depth = depthOf(event.state);
      if (depth < position.depth.peek()) position.leaveTo(depth);
    };
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
}

function depthOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;
}
