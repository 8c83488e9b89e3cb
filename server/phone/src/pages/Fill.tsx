/** Fill: opens a filling that is stored as a draft from its first answer on, and finalised at its end. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { isFull } from '../db.ts';
import { DraftKeeper } from '../keeper.ts';
import type { NotOpen, OpenFilling } from '../open.ts';
import { holdDraft, openNew, openStored } from '../open.ts';
import { Empty, say, Screen } from '../parts.tsx';
import { replace } from '../route.ts';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import type { EndProps } from './Errors.tsx';
import { Finish } from './Finish.tsx';
import { Open } from './Open.tsx';

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
  if (opened.value) return <Kept opened={opened.value} isStored={instanceId !== ''} />;
  if (said.value === null) return null;
  return (
    <Screen title={t('app_name')} back>
      <Empty>{t(said.value)}</Empty>
    </Screen>
  );
}

function Kept({ opened, isStored }: { opened: OpenFilling; isStored: boolean }): JSX.Element {
  const keeper = useMemo(() => new DraftKeeper(opened, isStored, sayTrouble), []);
  const End = useMemo(() => (props: EndProps) => <Finish {...props} keeper={keeper} />, []);
  return <Open opened={opened} keeper={keeper} isStored={isStored} End={End} />;
}

const sayTrouble = (error: unknown): void => say(t(isFull(error) ? 'phone_full' : 'save_failed'));
