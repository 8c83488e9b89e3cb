/** Finishing a filling: the last look, and the proof that it is saved. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { OutboxRecord } from '../db.ts';
import { isFull } from '../db.ts';
import type { DraftKeeper } from '../keeper.ts';
import { NotSaved } from '../outbox.ts';
import { Banner, Button, Icon, Screen } from '../parts.tsx';
import { download, rescueText } from '../rescue.ts';
import { replace, to } from '../route.ts';
import { syncAndPlan } from '../schedule.ts';
import { records } from '../state.ts';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import type { EndProps } from './Errors.tsx';
import { Errors } from './Errors.tsx';

export function Finish(props: EndProps & { keeper: DraftKeeper }): JSX.Element {
  const { opened, keeper, onBack } = props;
  const saved = useSignal<OutboxRecord | null>(null);
  const problem = useSignal<TextKey | null>(null);
  const isSaving = useSignal(false);
  useEffect(() => scrollTo(0, 0), []);
  if (saved.value) return <Saved record={saved.value} />;
  const errors = opened.filling.errors();
  if (errors.length > 0) return <Errors errors={errors} {...props} />;
  const submit = async (): Promise<void> => {
    isSaving.value = true;
    problem.value = null;
    try {
      saved.value = await keeper.submit();
      void syncAndPlan();
    } catch (error) {
      problem.value = problemKey(error);
    }
    isSaving.value = false;
  };
  return (
    <Screen title={t('finish')}>
      <div class="finished">
        <h2>{t('submit_title')}</h2>
        <p>{opened.filling.instanceName()}</p>
      </div>
      <p class="plain-note">{t('submit_hint')}</p>
      {problem.value ? (
        <Banner tone="bad" action={<RescueButton />}>
          {t(problem.value)}
        </Banner>
      ) : null}
      <div class="buttons">
        <Button look="main" disabled={isSaving.value} onClick={() => void submit()}>
          {t(isSaving.value ? 'submitting' : 'submit')}
        </Button>
        <Button onClick={onBack}>{t('look_again')}</Button>
      </div>
    </Screen>
  );
}

function problemKey(error: unknown): TextKey {
  if (isFull(error)) return 'phone_full';
  return error instanceof NotSaved && error.code === 'file_missing' ? 'file_missing' : 'save_failed';
}

function RescueButton(): JSX.Element {
  const save = async (): Promise<void> => download(await rescueText(), 'lingyan-rescue.json');
  return (
    <button type="button" onClick={() => void save()}>
      {t('rescue')}
    </button>
  );
}

/** Shown only after the record was read back from disk; green only with the server's receipt. */
function Saved({ record }: { record: OutboxRecord }): JSX.Element {
  const now = records.value.find(known => known.instance_id === record.instance_id) ?? record;
  const isSent = now.state === 'sent';
  return (
    <Screen title={t('saved_title')}>
      <div class="finished">
        <span class={`medal ${isSent ? 'tone-good' : 'tone-wait'}`}>
          <Icon name={isSent ? 'check' : 'outbox'} />
        </span>
        <h2>{t('saved_title')}</h2>
        <p>{record.name}</p>
        <p>{t(isSent ? 'saved_and_sent' : 'saved_hint')}</p>
      </div>
      <div class="buttons">
        <Button look="main" onClick={() => replace('today')}>
          {t('done')}
        </Button>
        {record.subject === '' && record.deprecated_id === '' ? (
          <a class="button" href={to('new', record.form_id)}>
            {t('another')}
          </a>
        ) : null}
        <a class="button" href={to('outbox')}>
          {t('go_outbox')}
        </a>
      </div>
    </Screen>
  );
}
