/** Me's leave: ask for it, also offline, and see what became of it. */
import type { JSX } from 'preact';
import { LEAVE_FORM, leaves, leavesShown, leavesWaiting } from '../leaves.ts';
import type { Tone } from '../parts.tsx';
import { Cell, Section, Tag } from '../parts.tsx';
import { to } from '../route.ts';
import { allRecords, currentForms, progress, records, session } from '../state.ts';
import { dayOf } from '../tasks.ts';
import type { TextKey } from '../texts.ts';
import { dayText } from '../days.ts';
import { t } from '../texts.ts';
import type { LeaveChange } from '../wire.ts';

const STATES: Record<string, [TextKey, Tone]> = {
  asked: ['leave_is_asked', 'wait'],
  approved: ['leave_is_approved', 'good'],
  refused: ['leave_is_refused', 'bad'],
  ended: ['leave_is_ended', 'plain'],
};

export function Leaves(): JSX.Element | null {
  const isKnown = currentForms.value.some(form => form.form_id === LEAVE_FORM);
  if (!isKnown || !session.value?.user.person) return null;
  return (
    <Section title={t('leave')}>
      {leavesWaiting(records.value, progress.value).map(record => (
        <Cell
          key={record.instance_id}
          title={record.name}
          side={<Tag tone="wait">{t('leave_is_waiting')}</Tag>}
          href={to('record', record.instance_id)}
        />
      ))}
      {leavesShown(leaves.value, dayOf(new Date())).map(leave => (
        <LeaveCell key={leave.leave_id} leave={leave} />
      ))}
      <Cell title={t('leave_ask')} note={t('leave_help')} href={to('new', LEAVE_FORM)} />
    </Section>
  );
}

function LeaveCell({ leave }: { leave: LeaveChange }): JSX.Element {
  const [key, tone] = STATES[leave.state] ?? ['leave_is_asked', 'wait'];
  const isHere = allRecords.value.some(record => record.instance_id === leave.leave_id);
  return (
    <Cell
      title={t('leave_days', { from: dayText(leave.from_on), until: dayText(leave.until_on) })}
      note={leave.leave_kind ? `${t(`leave_${leave.leave_kind}`)} · ${leave.reason}` : leave.reason}
      side={<Tag tone={tone}>{t(key)}</Tag>}
      href={isHere ? to('record', leave.leave_id) : undefined}
    />
  );
}
