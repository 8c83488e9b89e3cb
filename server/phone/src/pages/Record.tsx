/** One record: its state and why, its receipt, what can be done with it, and every answer. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { OutboxRecord } from '../db.ts';
import type { Filling, View } from '../filling/types.ts';
import { titleOf } from '../modules.ts';
import type { ListRows } from '../rows.ts';
import { openStored } from '../open.ts';
import { discard, isApart, reopen, restore, retry, submissionOf, versionOf, withdraw } from '../outbox.ts';
import { Banner, Button, Empty, say, Screen, Section, Tag } from '../parts.tsx';
import { isUnreviewed, needsPerson, reviewSteps, stateOf } from '../recordstate.ts';
import { go } from '../route.ts';
import { syncAndPlan } from '../schedule.ts';
import { language } from '../settings.ts';
import { records } from '../state.ts';
import { shortTime } from '../days.ts';
import { problemText, t } from '../texts.ts';
import type { Problem } from '../wire.ts';
import { asFileRef } from '../fileref.ts';
import { instanceLabel } from '../widgets/labels.ts';
import { firstLine } from '../markup.ts';
import { shownValue } from '../widgets/shown.ts';
import { Stored } from '../widgets/Stored.tsx';
import { openCorrection } from './Today.tsx';

const WITH_REVIEWERS = new Set(['state_sent', 'state_files', 'state_edited']);

export function Record({ instanceId }: { instanceId: string }): JSX.Element {
  const record = records.value.find(known => known.instance_id === instanceId);
  if (!record) {
    return (
      <Screen title={t('outbox')} back>
        <Empty>{t('not_found')}</Empty>
      </Screen>
    );
  }
  return (
    <Screen title={titleOf(record.form_title, language.value)} back>
      <State record={record} />
      <Actions record={record} />
      {record.receipt ? <ReceiptOf record={record} /> : null}
      <Answers key={instanceId} instanceId={instanceId} />
    </Screen>
  );
}

function State({ record }: { record: OutboxRecord }): JSX.Element {
  const submission = submissionOf(record);
  const state = stateOf(record, submission);
  const reviewed = submission?.instance_id === versionOf(record) ? submission.comment : '';
  const comment = record.office?.comment || reviewed;
  const steps = WITH_REVIEWERS.has(state.key) ? reviewSteps(submission) : [];
  return (
    <>
      <div class="finished">
        <Tag tone={state.tone}>{t(state.key)}</Tag>
        <h2>{record.name || titleOf(record.form_title, language.value)}</h2>
        <p>{t('filled_at', { time: shortTime(record.finalised_at || record.changed_at) })}</p>
        {steps.length > 0 ? (
          <p>{steps.map(step => t(step)).join(language.value === 'zh' ? '，' : ', ')}</p>
        ) : null}
      </div>
      {state.key === 'state_office' ? <Banner tone="info">{t('office_hint')}</Banner> : null}
      {state.key === 'state_set_aside' ? <Banner tone="info">{t('set_aside_hint')}</Banner> : null}
      {state.key === 'state_dismissed' ? <Banner tone="info">{t('dismissed_hint')}</Banner> : null}
      {comment ? <Banner tone="wait">{t('comment_whole', { text: comment })}</Banner> : null}
      {record.replaced_by ? <Banner tone="plain">{t('was_replaced')}</Banner> : null}
      <Why problem={record.office ? undefined : record.problem} />
      <Why problem={record.withdrawal_problem} />
    </>
  );
}

function Why({ problem }: { problem: Problem | undefined }): JSX.Element | null {
  if (problem === undefined) return null;
  const { message, fix } = problemText(problem);
  return (
    <Banner tone="bad">
      {message}
      {fix ? (
        <>
          <br />
          <b>{t('what_to_do')}</b>
          {fix}
        </>
      ) : null}
    </Banner>
  );
}

/** Each act as the record's state allows it. */
function Actions({ record }: { record: OutboxRecord }): JSX.Element {
  const submission = submissionOf(record);
  const id = record.instance_id;
  const isReturned = record.state === 'sent' && needsPerson(record, submission) && submission !== undefined;
  const isFree = !isApart(record) && !submission?.duplicate_of && isUnreviewed(submission);
  const canWithdraw = record.state === 'sent' && isFree && !record.wants_withdrawal && !record.is_withdrawn;
  const canEdit = record.state === 'finalised' && record.n_attempts === 0;
  return (
    <div class="buttons">
      {isReturned && submission.instance_id === versionOf(record) ? (
        <Button look="main" onClick={() => void openCorrection(submission)}>
          {t('correct')}
        </Button>
      ) : null}
      {record.state === 'draft' ? (
        <Button look="main" onClick={() => go('fill', id)}>
          {t('open_draft')}
        </Button>
      ) : null}
      {record.state === 'draft' ? (
        <Button look="danger" onClick={() => void removeDraft(id)}>
          {t('delete_draft')}
        </Button>
      ) : null}
      {canEdit ? <Button onClick={() => void editAgain(id)}>{t('edit_again')}</Button> : null}
      {record.state === 'failed' && !record.replaced_by ? (
        <>
          <Button look="main" onClick={() => void editAgain(id)}>
            {t('fix_and_resend')}
          </Button>
          <Button onClick={() => void sendAgain(id)}>{t('try_again')}</Button>
        </>
      ) : null}
      {canWithdraw ? (
        <Button look="danger" onClick={() => void takeBack(id)}>
          {t('withdraw')}
        </Button>
      ) : null}
      {canWithdraw ? <p class="plain-note">{t('withdraw_hint')}</p> : null}
    </div>
  );
}

async function removeDraft(id: string): Promise<void> {
  await discard(id);
  history.back();
  say(t('draft_deleted'), () => void restore(id));
}

async function editAgain(id: string): Promise<void> {
  const draftId = await reopen(id);
  go('fill', draftId);
}

async function sendAgain(id: string): Promise<void> {
  await retry(id);
  await syncAndPlan();
}

async function takeBack(id: string): Promise<void> {
  if (!confirm(t('withdraw_sure'))) return;
  await withdraw(id);
  await syncAndPlan();
}

function ReceiptOf({ record }: { record: OutboxRecord }): JSX.Element | null {
  const receipt = record.receipt;
  if (!receipt) return null;
  return (
    <Section title={t('receipt')}>
      <dl class="facts">
        <div class="fact">
          <dt>{t('receipt_no', { seq: receipt.seq })}</dt>
          <dd>{t('received_at', { time: shortTime(receipt.received_at) })}</dd>
        </div>
        <div class="fact">
          <dt>SHA-256</dt>
          <dd>{receipt.digest.slice(0, 16)}…</dd>
        </div>
      </dl>
    </Section>
  );
}

interface Readable {
  filling: Filling;
  lists: ListRows;
}

function Answers({ instanceId }: { instanceId: string }): JSX.Element | null {
  const opened = useSignal<Readable | null>(null);
  useEffect(() => {
    void openStored(instanceId).then(found => {
      if (typeof found !== 'string') opened.value = { filling: found.filling, lists: found.lists };
    });
  }, []);
  if (opened.value === null) return null;
  return (
    <Section title={t('answers')}>
      <dl class="facts">
        <AnswerRows views={opened.value.filling.root.children} {...opened.value} />
      </dl>
    </Section>
  );
}

function AnswerRows({ views, ...readable }: { views: readonly View[] } & Readable): JSX.Element {
  return (
    <>
      {views.map((view, at) => (
        <AnswerRow key={at} view={view} {...readable} />
      ))}
    </>
  );
}

function AnswerRow({ view, ...readable }: { view: View } & Readable): JSX.Element | null {
  if (!view.relevant.value) return null;
  if (view.kind === 'group') return <AnswerRows views={view.children} {...readable} />;
  if (view.kind === 'repeat') {
    return (
      <>
        {view.instances.value.map(instance => (
          <div key={instance.key}>
            <p class="part-title">{instanceLabel(view, instance, readable)}</p>
            <AnswerRows views={instance.children} {...readable} />
          </div>
        ))}
      </>
    );
  }
  if (view.def.control === '' || view.value.value === '') return null;
  const file = view.def.control === 'upload' ? asFileRef(view.value.value) : null;
  return (
    <div class="fact">
      <dt>{firstLine(view.label.value)}</dt>
      <dd>{file ? <Stored file={file} /> : shownValue(view, readable.lists)}</dd>
    </div>
  );
}
