/** Today: what came back for correction, drafts, and forms to start. */
import type { JSX } from 'preact';
import type { OutboxRecord, StoredForm } from '../db.ts';
import { CHECK_IN_FORM } from '../events.ts';
import { handBack } from '../handback.ts';
import { loadModule } from '../forms.ts';
import { titleOf } from '../modules.ts';
import { recordOf, startCorrection } from '../outbox.ts';
import { Cell, Empty, say, Screen, Section, Tag } from '../parts.tsx';
import { go, to } from '../route.ts';
import { language } from '../settings.ts';
import { SyncStrip } from '../sight.tsx';
import { currentForms, drafts, records, session, submissions } from '../state.ts';
import { shortTime } from '../days.ts';
import { dueText, listName, t } from '../texts.ts';
import type { SubmissionChange } from '../wire.ts';
import { TodayEvents } from './TodayEvents.tsx';
import { TodayReminders } from './TodayReminders.tsx';
import { TodayTasks } from './TodayTasks.tsx';

export function Today(): JSX.Element {
  const returned = submissions.value.filter(
    submission =>
      submission.review_state === 'returned' &&
      !submission.is_withdrawn &&
      !submission.duplicate_of &&
      !isAnswered(submission),
  );
  const forms = currentForms.value.filter(form => form.form_id !== CHECK_IN_FORM);
  const town = session.value?.town;
  return (
    <Screen title={town ? `${t('app_name')} · ${town.name}` : t('app_name')}>
      <SyncStrip />
      <TodayReminders />
      {returned.length > 0 ? (
        <Section title={t('returned_section')}>
          {returned.map(submission => (
            <Returned key={submission.root_id} submission={submission} />
          ))}
        </Section>
      ) : null}
      <TodayTasks />
      <TodayEvents />
      {drafts.value.length > 0 ? (
        <Section title={t('drafts_section')}>
          {drafts.value.map(record => (
            <DraftCell key={record.instance_id} record={record} />
          ))}
        </Section>
      ) : null}
      <Section title={t('start_section')}>
        {forms.map(form => (
          <FormCell key={form.form_id} form={form} />
        ))}
        {forms.length === 0 ? <Empty>{t('nothing_today')}</Empty> : null}
      </Section>
    </Screen>
  );
}

/** A correction that is finished but not sent yet has answered the return. */
function isAnswered(submission: SubmissionChange): boolean {
  return records.value.some(
    record => record.deprecated_id === submission.instance_id && record.state !== 'draft',
  );
}

function Returned({ submission }: { submission: SubmissionChange }): JSX.Element {
  const begun = records.value.find(
    record => record.deprecated_id === submission.instance_id && record.state === 'draft',
  );
  const note = submission.comment || Object.values(submission.comments)[0] || '';
  return (
    <Cell
      title={submission.title}
      note={note}
      side={
        <Tag tone="bad">
          {submission.due_on ? dueText(submission.due_on) : t(begun ? 'continue_correction' : 'correct')}
        </Tag>
      }
      onClick={() => void openCorrection(submission)}
    />
  );
}

/** Open the correction of a returned record, if this phone has what it takes. */
export async function openCorrection(submission: SubmissionChange): Promise<void> {
  const record = recordOf(submission) ?? (await handBack(submission));
  if (record === null) {
    say(t('not_on_this_phone'));
    return;
  }
  const module = await loadModule(record.form_digest);
  if (module === null) {
    say(t('form_not_here'));
    return;
  }
  const lists = module.lists.map(list => list.name);
  const instanceId = await startCorrection(submission, lists);
  if (instanceId !== null) go('fill', instanceId);
}

function DraftCell({ record }: { record: OutboxRecord }): JSX.Element {
  const title = titleOf(record.form_title, language.value);
  return (
    <Cell
      title={record.name || title}
      note={record.name ? title : undefined}
      side={shortTime(record.changed_at)}
      href={to('fill', record.instance_id)}
    />
  );
}

function FormCell({ form }: { form: StoredForm }): JSX.Element {
  const title = titleOf(form.title, language.value);
  if (form.starts_from === '') return <Cell title={title} href={to('new', form.form_id)} />;
  const list = form.starts_from;
  return <Cell title={title} note={t('choose_first', { list: listName(list) })} href={to('find', list)} />;
}
