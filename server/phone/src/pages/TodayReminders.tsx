/** Today's reminders: what is overdue first; a tap opens what each is about. */
import type { JSX } from 'preact';
import type { Pack } from '../db.ts';
import { events } from '../events.ts';
import { rowNamed } from '../rows.ts';
import { Cell, Many, Section, Tag } from '../parts.tsx';
import { dueReminders } from '../reminders.ts';
import { go } from '../route.ts';
import { language } from '../settings.ts';
import { records, reminders, submissions } from '../state.ts';
import { TASKS } from '../tasks.ts';
import { isPast } from '../days.ts';
import { t } from '../texts.ts';
import { usePack } from '../usePack.ts';
import type { ReminderChange } from '../wire.ts';
import { openCorrection } from './Today.tsx';

const FIRST_SHOWN = 4;

export function TodayReminders(): JSX.Element | null {
  const tasks = usePack(TASKS).value;
  const due = dueReminders(reminders.value, records.value, submissions.value, tasks);
  if (due.length === 0) return null;
  return (
    <Section title={t('reminders_of', { n: due.length })}>
      <Many
        of={due}
        first={FIRST_SHOWN}
        show={one => <ReminderCell key={one.reminder_id} reminder={one} tasks={tasks} />}
      />
    </Section>
  );
}

function ReminderCell({ reminder, tasks }: { reminder: ReminderChange; tasks: Pack | null }): JSX.Element {
  const text = language.value === 'zh' ? reminder.text_zh : reminder.text_en;
  return (
    <Cell
      title={<span class="reminder-text">{text}</span>}
      side={isPast(reminder.due_on) ? <Tag tone="bad">{t('reminder_late')}</Tag> : undefined}
      onClick={reminder.subject_kind === 'ticket' ? undefined : () => open(reminder, tasks)}
    />
  );
}

/** A task opens its form, an event one runs its own page, everything else what is on record of it. */
function open(reminder: ReminderChange, tasks: Pack | null): void {
  const { subject_kind, subject_id } = reminder;
  const submission = submissions.value.find(each => each.root_id === subject_id);
  const task = subject_kind === 'task' && tasks ? rowNamed(tasks, subject_id) : null;
  if (submission !== undefined) void openCorrection(submission);
  else if (task) go('new', task['form_id'] ?? '', task['entity_id'] ?? '');
  else if (events.value.some(event => event.event_id === subject_id)) go('event', subject_id);
  else if (subject_kind !== 'returned') go('find', subject_kind, subject_id);
}
