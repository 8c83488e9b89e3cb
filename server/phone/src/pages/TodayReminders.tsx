/** Today's reminders: what is overdue first; a tap opens what each is about. */
import type { JSX } from 'preact';
import { Cell, Many, Section, Tag } from '../parts.tsx';
import { dueReminders } from '../reminders.ts';
import { go } from '../route.ts';
import { language } from '../settings.ts';
import { records, reminders, submissions } from '../state.ts';
import { TASKS } from '../tasks.ts';
import { isPast, t } from '../texts.ts';
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
        show={one => <ReminderCell key={one.reminder_id} reminder={one} />}
      />
    </Section>
  );
}

function ReminderCell({ reminder }: { reminder: ReminderChange }): JSX.Element {
  const text = language.value === 'zh' ? reminder.text_zh : reminder.text_en;
  return (
    <Cell
      title={<span class="reminder-text">{text}</span>}
      side={isPast(reminder.due_on) ? <Tag tone="bad">{t('reminder_late')}</Tag> : undefined}
      onClick={() => open(reminder)}
    />
  );
}

function open(reminder: ReminderChange): void {
  const { subject_kind, subject_id } = reminder;
  const submission = submissions.value.find(each => each.root_id === subject_id);
  if (submission !== undefined) void openCorrection(submission);
  else if (subject_kind !== 'returned') go('find', subject_kind, subject_id);
}
