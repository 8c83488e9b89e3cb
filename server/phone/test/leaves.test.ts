/** Leave on the phone: what holds or will, and what was asked for here and waits to be sent. */
import { expect, test } from 'vitest';
import type { OutboxRecord } from '../src/db.ts';
import { leavesShown, leavesWaiting } from '../src/leaves.ts';
import { NOWHERE } from '../src/state.ts';
import type { LeaveChange } from '../src/wire.ts';

const leave = (leave_id: string, from_on: string, until_on: string, more: Partial<LeaveChange> = {}) => ({
  kind: 'leave' as const,
  seq: 1,
  leave_id,
  leave_kind: 'sick' as const,
  from_on,
  until_on,
  reason: '住院',
  state: 'asked' as const,
  ...more,
});

test('shows what is not over, the earliest first, and nothing that was taken back', () => {
  const all: LeaveChange[] = [
    leave('later', '2016-11-01', '2016-11-03'),
    leave('over', '2016-10-01', '2016-10-14'),
    leave('last day', '2016-10-10', '2016-10-15', { state: 'refused' }),
    leave('taken back', '2016-10-20', '2016-10-21', { state: 'withdrawn' }),
  ];
  expect(leavesShown(all, '2016-10-15').map(one => one.leave_id)).toEqual(['last day', 'later']);
});

test('what waits to be sent is a finished leave and no draft or other record', () => {
  const record = (form_id: string, state: string) =>
    ({ instance_id: `${form_id} ${state}`, form_id, state, is_withdrawn: false }) as OutboxRecord;
  const all = [record('leave', 'finalised'), record('leave', 'draft'), record('contact_log', 'finalised')];
  expect(leavesWaiting(all, NOWHERE).map(one => one.instance_id)).toEqual(['leave finalised']);
});
