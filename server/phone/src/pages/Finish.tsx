/** Finishing a filling: what still stands in the way, the last look, and the proof that it is saved. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { OutboxRecord } from '../db.ts';
import { isFull } from '../db.ts';
import type { FillingError, QuestionView } from '../filling/types.ts';
import type { DraftKeeper, OpenFilling } from '../open.ts';
import { finalise, NotSaved } from '../outbox.ts';
import type { Position } from '../position.ts';
import { Banner, Button, Cell, Icon, Many, Screen, Section } from '../parts.tsx';
import { download, rescueText } from '../rescue.ts';
import { replace, to } from '../route.ts';
import { syncAndPlan } from '../schedule.ts';
import { records } from '../state.ts';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import { useDesk } from '../widgets/context.ts';
import { instanceLabel } from '../widgets/labels.ts';

interface Props {
  opened: OpenFilling;
  position: Position;
  keeper: DraftKeeper;
  goTo: (view: QuestionView) => void;
  onBack: () => void;
}

export function Finish({ opened, position, keeper, goTo, onBack }: Props): JSX.Element {
  const saved = useSignal<OutboxRecord | null>(null);
  const problem = useSignal<TextKey | null>(null);
  const isSaving = useSignal(false);
  useEffect(() => scrollTo(0, 0), []);
  if (saved.value) return <Saved record={saved.value} />;
  const errors = opened.filling.errors();
  if (errors.length > 0) return <Errors errors={errors} position={position} goTo={goTo} onBack={onBack} />;
  const submit = async (): Promise<void> => {
    isSaving.value = true;
    problem.value = null;
    try {
      saved.value = await submitted(opened, keeper);
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

async function submitted({ filling, draft }: OpenFilling, keeper: DraftKeeper): Promise<OutboxRecord> {
  await keeper.flush();
  const { answers, files } = filling.serialise();
  const isLater = new Map(
    filling.module.entities.map(entity => [entity.list_name, entity.when === 'approval']),
  );
  // What only takes effect on approval must not show in lists before somebody approved it.
  const entities = filling
    .entities()
    .filter(entity => entity.kind === 'create' || !isLater.get(entity.list_name));
  draft.body.saved = filling.save();
  const record = await finalise(draft, { answers, files, name: filling.instanceName(), entities });
  keeper.stop();
  return record;
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

const plain = (text: string): string => text.replaceAll('**', '');

/** Which instance of a repeat is meant, in words. */
function whereIs(view: QuestionView, position: Position, language: string): string[] {
  return position.around(view).map(({ repeat, instance }) => instanceLabel(repeat, instance, language));
}

const FIRST_SHOWN = 30;

function Errors(props: {
  errors: FillingError[];
  position: Position;
  goTo: (view: QuestionView) => void;
  onBack: () => void;
}): JSX.Element {
  const language = useDesk().filling.language.value;
  return (
    <Screen title={t('errors_title', { n: props.errors.length })}>
      <p class="plain-note">{t('errors_hint')}</p>
      <Section>
        <Many
          of={props.errors}
          first={FIRST_SHOWN}
          show={(error, at) => (
            <Cell
              key={at}
              title={[...whereIs(error.view, props.position, language), plain(error.view.label.value)].join(
                ' › ',
              )}
              note={error.message === '' ? t('required_missing') : error.message}
              onClick={() => props.goTo(error.view)}
            />
          )}
        />
      </Section>
      <div class="buttons">
        <Button onClick={props.onBack}>{t('back')}</Button>
      </div>
    </Screen>
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
