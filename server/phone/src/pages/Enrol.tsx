/** Enrolling this phone by a code: install first where the system needs it, then everything in one go. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { install, installPrompt, mustInstallFirst } from '../browser.ts';
import { enrol } from '../enrolment.ts';
import { Banner, Button, Cell, Icon, say, Screen, Section } from '../parts.tsx';
import { refusalOf } from '../refusal.ts';
import { replace } from '../route.ts';
import { syncAndPlan } from '../schedule.ts';
import { currentForms, session } from '../state.ts';
import { received, status } from '../sync.ts';
import { t } from '../texts.ts';
import { isOfflineReady } from '../update.ts';
import { PasteCode } from './PasteCode.tsx';

/** Why it can't be done, and whether trying again may help. */
interface Trouble {
  text: string;
  may_pass: boolean;
}

type Stage = 'code' | 'content' | 'done' | 'cut_short' | 'refused';

export function Enrol({ code }: { code: string }): JSX.Element {
  if (mustInstallFirst()) return <InstallFirst />;
  if (code === '')
    return (
      <Screen title={t('enrol')} back>
        <PasteCode />
      </Screen>
    );
  return <Progress code={code} />;
}

function Progress({ code }: { code: string }): JSX.Element {
  const owner = useSignal(session.peek());
  const stage = useSignal<Stage>('code');
  const trouble = useSignal<Trouble>({ text: '', may_pass: false });
  const run = async (): Promise<void> => {
    stage.value = 'code';
    const answer = await enrol(code);
    if (!answer.ok) {
      trouble.value = { text: refusalOf(answer, 'enrol_needs_network'), may_pass: answer.kind !== 'problem' };
      stage.value = 'refused';
      return;
    }
    stage.value = 'content';
    const result = await syncAndPlan();
    stage.value = result === 'ok' && isComplete() ? 'done' : 'cut_short';
    if (stage.value === 'done' && installPrompt.peek() === null) replace('today');
  };
  useEffect(() => {
    if (!owner.value?.token) void run();
  }, []);
  if (owner.value?.token) return <Already name={owner.value.user.name} />;
  return (
    <Screen title={t('enrol')}>
      {stage.value === 'refused' ? (
        <Refused trouble={trouble.value} again={() => void run()} />
      ) : (
        <Steps stage={stage.value} />
      )}
    </Screen>
  );
}

const isComplete = (): boolean => currentForms.peek().every(form => form.is_cached);

function Already({ name }: { name: string }): JSX.Element {
  return (
    <Screen title={t('enrol')}>
      <Banner tone="info">{t('enrol_already', { name })}</Banner>
      <div class="buttons">
        <Button look="main" onClick={() => replace('today')}>
          {t('to_today')}
        </Button>
      </div>
    </Screen>
  );
}

function Refused({ trouble, again }: { trouble: Trouble; again: () => void }): JSX.Element {
  return (
    <>
      <Banner tone="bad">{trouble.text}</Banner>
      <div class="buttons">
        {trouble.may_pass ? (
          <Button look="main" onClick={again}>
            {t('try_again')}
          </Button>
        ) : null}
        <Button onClick={() => replace('sign-in')}>{t('sign_in')}</Button>
      </div>
      <PasteCode />
    </>
  );
}

function Steps({ stage }: { stage: Stage }): JSX.Element {
  const forms = currentForms.value;
  const nCached = forms.filter(form => form.is_cached).length;
  const isIn = stage !== 'code';
  const isOver = stage === 'done' || stage === 'cut_short';
  const hasLists = isIn && (forms.length > 0 || !status.value.is_running);
  const hasForms = hasLists && nCached === forms.length;
  return (
    <>
      {isOver ? null : (
        <Banner tone="plain">{t('enrol_welcome', { name: session.value?.user.name ?? '' })}</Banner>
      )}
      {stage === 'cut_short' ? <Banner tone="wait">{t('enrol_cut_short')}</Banner> : null}
      {stage === 'done' ? <Banner tone="good">{t('enrol_done')}</Banner> : null}
      <Section>
        <Step title={t('enrol_step_code')} isDone={isIn} />
        <Step title={t('enrol_step_lists')} isDone={hasLists}>
          {isIn ? t('enrol_n_received', { n: received.value }) : ''}
        </Step>
        <Step title={t('enrol_step_forms')} isDone={hasForms}>
          {hasLists ? t('enrol_n_forms', { n: nCached, all: forms.length }) : ''}
        </Step>
        <Step title={t('enrol_step_offline')} isDone={hasForms && isOfflineReady.value} />
      </Section>
      {isOver ? <Ending /> : null}
    </>
  );
}

function Step(props: { title: string; isDone: boolean; children?: ComponentChildren }): JSX.Element {
  const mark = props.isDone ? <Icon name="check" /> : <span class="cell-note">{'…'}</span>;
  return (
    <Cell
      title={props.title}
      note={props.children}
      side={mark}
      {...(props.isDone ? { tone: 'good' as const } : {})}
    />
  );
}

function Ending(): JSX.Element {
  return (
    <div class="buttons">
      {installPrompt.value ? (
        <Button onClick={() => void install().then(() => replace('today'))}>{t('install')}</Button>
      ) : null}
      <Button look="main" onClick={() => replace('today')}>
        {t('to_today')}
      </Button>
    </div>
  );
}

function InstallFirst(): JSX.Element {
  const copy = async (): Promise<void> => {
    const code = location.hash.split('/').pop() ?? '';
    await navigator.clipboard.writeText(`${location.origin}/n#${code}`);
    say(t('link_copied'));
  };
  return (
    <Screen title={t('install_first')}>
      <Banner tone="info">{t('install_why')}</Banner>
      <ol class="steps">
        <li>{t('install_share')}</li>
        <li>{t('install_add')}</li>
        <li>{t('install_open')}</li>
      </ol>
      <img class="guide" src="/static/pictures/install.svg" alt="" width="320" height="300" />
      <div class="buttons">
        <Button look="main" onClick={() => void copy()}>
          {t('copy_link')}
        </Button>
      </div>
    </Screen>
  );
}
