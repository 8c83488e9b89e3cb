/** Today's own tasks and the pairings that still want a contact. */
import type { JSX } from 'preact';
import { Cell, Many, Section, Tag } from '../parts.tsx';
import { to } from '../route.ts';
import { drafts, progress, records, session } from '../state.ts';
import { dayOf, isLogged, isWanted, ownPairings, PAIRINGS, taskGroups, TASKS } from '../tasks.ts';
import type { TaskGroup } from '../tasks.ts';
import { dayText, isPast } from '../days.ts';
import { dueText, pairingWord, t } from '../texts.ts';
import { usePack } from '../usePack.ts';
import type { Row } from '../wire.ts';

const FIRST_SHOWN = 4;

export function TodayTasks(): JSX.Element {
  const tasks = usePack(TASKS).value;
  const pairings = usePack(PAIRINGS).value;
  const person = session.value?.user.person ?? '';
  const groups = tasks ? taskGroups(tasks, person, records.value, progress.value) : [];
  const own = pairings ? ownPairings(pairings, person) : [];
  return (
    <>
      {groups.map(group => (
        <Tasks key={`${group.due_on} ${group.title}`} group={group} />
      ))}
      {own.length > 0 ? <Pairings own={own} /> : null}
    </>
  );
}

function Tasks({ group }: { group: TaskGroup }): JSX.Element {
  const title = t('tasks_of', { task: group.title, n: group.tasks.length });
  return (
    <Section title={title}>
      <Many of={group.tasks} first={FIRST_SHOWN} show={task => <TaskCell key={task['name']} task={task} />} />
    </Section>
  );
}

function TaskCell({ task }: { task: Row }): JSX.Element {
  const formId = task['form_id'] ?? '';
  const subject = task['entity_id'] ?? '';
  const draft = drafts.value.find(record => record.form_id === formId && record.subject === subject);
  return (
    <Cell
      title={task['label'] || subject}
      note={draft ? t('task_begun') : undefined}
      side={<Due day={task['due_on'] ?? ''} />}
      href={draft ? to('fill', draft.instance_id) : to('new', formId, subject)}
    />
  );
}

function Due({ day }: { day: string }): JSX.Element | null {
  if (day === '') return null;
  return <Tag tone={isPast(day) ? 'bad' : 'wait'}>{dueText(day, 'due_by')}</Tag>;
}

function Pairings({ own }: { own: Row[] }): JSX.Element {
  const today = dayOf(new Date());
  const wanted = own.filter(
    pairing => isWanted(pairing, today) && !isLogged(pairing, records.value, progress.value),
  );
  return (
    <Section title={t('pairings_of', { n: wanted.length, all: own.length })}>
      <Many
        of={wanted}
        first={FIRST_SHOWN}
        show={pairing => <PairingCell key={pairing['name']} pairing={pairing} />}
      />
      <Cell title={t('all_pairings')} href={to('find', PAIRINGS)} />
    </Section>
  );
}

function PairingCell({ pairing }: { pairing: Row }): JSX.Element {
  const last = pairing['last_contact_on'] ?? '';
  return (
    <Cell
      title={pairing['label']}
      note={`${pairingWord(pairing['kind'] ?? '')} · ${last ? t('last_contact', { day: dayText(last) }) : t('never_met')}`}
      side={<Due day={pairing['due_on'] ?? ''} />}
      href={to('find', PAIRINGS, pairing['name'] ?? '')}
    />
  );
}
