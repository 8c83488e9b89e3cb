/** The office asks to clear this phone while something is unsent: it is kept, sent, or saved to a file first. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { OutboxRecord } from '../db.ts';
import { titleOf } from '../modules.ts';
import { Banner, Button, Cell, say, Screen, Section, Tag } from '../parts.tsx';
import { saveRescueFile } from '../rescue.ts';
import { to } from '../route.ts';
import { syncAndPlan } from '../schedule.ts';
import { language } from '../settings.ts';
import { session } from '../state.ts';
import { clearSaved, status } from '../sync.ts';
import { t } from '../texts.ts';
import { atStake, momentOf } from '../wipe.ts';

export function Wipe(): JSX.Element {
  const records = atStake.value;
  return (
    <Screen title={t('wipe_title')}>
      <Banner tone="wait">{t('wipe_why', { n: records.length })}</Banner>
      <Section>
        {records.map(record => (
          <Kept key={record.instance_id} record={record} />
        ))}
      </Section>
      <div class="buttons">
        <Button look="main" disabled={status.value.is_running} onClick={() => void syncAndPlan()}>
          {t(status.value.is_running ? 'syncing' : 'wipe_send')}
        </Button>
      </div>
      <Leave />
    </Screen>
  );
}

/** Own drafts can still be finished and sent. */
function Kept({ record }: { record: OutboxRecord }): JSX.Element {
  const isOwn = record.user_id === session.value?.user.user_id;
  const title = titleOf(record.form_title, language.value);
  const isDraft = record.state === 'draft';
  return (
    <Cell
      title={record.name || title}
      note={isOwn ? title : t('wipe_of_others')}
      side={<Tag tone="wait">{t(isDraft ? 'state_draft' : STATES[record.state])}</Tag>}
      href={isOwn && isDraft ? to('fill', record.instance_id) : undefined}
    />
  );
}

const STATES = {
  draft: 'state_draft',
  finalised: 'state_waiting',
  failed: 'state_failed',
  sent: 'state_files',
} as const;

function Leave(): JSX.Element {
  const saved = useSignal<ReadonlySet<string>>(new Set());
  const isSure = useSignal(false);
  const save = async (): Promise<void> => {
    const held = new Set(atStake.peek().map(momentOf));
    await saveRescueFile();
    saved.value = held;
  };
  const wipe = async (): Promise<void> => {
    if (!confirm(t('wipe_sure', { n: atStake.peek().length }))) return;
    if (await clearSaved(saved.value)) return;
    saved.value = new Set();
    isSure.value = false;
    say(t('wipe_changed'));
  };
  return (
    <Section>
      <Cell title={t('rescue')} note={t('wipe_export_hint')} onClick={() => void save()} />
      {saved.value.size > 0 ? (
        <>
          <label class="choice">
            <input
              type="checkbox"
              checked={isSure.value}
              onChange={event => (isSure.value = event.currentTarget.checked)}
            />
            <span>{t('wipe_saved')}</span>
          </label>
          <div class="buttons">
            <Button look="danger" disabled={!isSure.value} onClick={() => void wipe()}>
              {t('wipe_now')}
            </Button>
          </div>
        </>
      ) : null}
    </Section>
  );
}
