/** Checking people in on an organiser's phone, without a network. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { store } from '../src/db.ts';
import {
  checkIns,
  confirm,
  eventOf,
  findAttendees,
  presentAt,
  readWall,
  sessionNow,
  takeBadge,
  takeByHand,
  takeWalkIn,
  takeWall,
  undo,
  waitingAt,
  wallCode,
} from '../src/events.ts';
import type { Spot } from '../src/events.ts';
import { records, refresh } from '../src/state.ts';
import type { EventChange, EventSession, RosterEntry } from '../src/wire.ts';
import { FORM, freshPhone } from './phone.ts';

const EVENT = '0192a4c0-5d1e-7a43-9a55-3f0f7c1c2b11';
const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const SPOT: Spot = { event_id: EVENT, session_no: 1, direction: 'in' };

const entry = (n: number, name: string, pinyin: string): RosterEntry => ({
  attendee_id: `person:p${n}`,
  name,
  pinyin,
  unit: '草舍',
  role: 'trainee',
  card: `card-${n}`,
  state: 'expected',
});

const CLASS: EventChange = {
  kind: 'event',
  seq: 1,
  event_id: EVENT,
  name: '培训班',
  event_kind: 'training',
  place: '镇会议室',
  start_at: '2016-10-15T01:00:00.000Z',
  end_at: '2016-10-15T04:00:00.000Z',
  state: 'open',
  wall_key: KEY,
  sessions: [],
  roster: [entry(1, '周建国', 'zjg zhoujianguo'), entry(2, '单晓明', 'dxm danxiaoming sxm shanxiaoming')],
};

const entryOf = (n: number): RosterEntry => CLASS.roster[n - 1] as RosterEntry;

async function payloads(): Promise<Record<string, unknown>[]> {
  const bodies = await (await store()).getAll('bodies');
  return bodies
    .map(body => JSON.parse(body.payload) as { answers: Record<string, unknown> })
    .map(payload => payload.answers);
}

beforeEach(async () => {
  await freshPhone();
  const db = await store();
  await db.put('events', CLASS);
  await db.put('forms', { ...FORM, form_id: 'check_in', digest: 'c'.repeat(64) });
  await refresh();
});

describe('the door', () => {
  it('takes a badge once and says when it comes again', async () => {
    expect((await takeBadge(SPOT, 'card-1')).state).toBe('taken');
    const again = await takeBadge(SPOT, 'card-1');
    expect([again.state, again.name]).toEqual(['double', '周建国']);
    expect(records.value).toHaveLength(1);
    expect([...presentAt(SPOT).keys()]).toEqual(['person:p1']);
  });

  it('keeps in and out apart', async () => {
    await takeBadge(SPOT, 'card-1');
    expect((await takeBadge({ ...SPOT, direction: 'out' }, 'card-1')).state).toBe('taken');
  });

  it('takes a badge that nobody expected: the server knows whose it is', async () => {
    await takeBadge(SPOT, 'card-9');
    expect((await payloads())[0]).toMatchObject({ card: 'card-9', way: 'badge', event: EVENT, session: 1 });
  });

  it('knows a badge that was printed after the roster came by its owner', async () => {
    const owner = { attendee_id: 'person:p1', name: '周建国' };
    expect((await takeBadge(SPOT, 'card-new', owner)).name).toBe('周建国');
    expect((await takeBadge(SPOT, 'card-1')).state).toBe('double');
    expect((await payloads())[0]).toMatchObject({ attendee: 'person:p1' });
  });

  it('names somebody not expected, and sees the double of another badge', async () => {
    const guest = { attendee_id: 'person:p9', name: '吴来宾' };
    expect((await takeBadge(SPOT, 'card-9', guest)).name).toBe('吴来宾');
    expect((await takeBadge(SPOT, 'card-8', guest)).state).toBe('double');
    expect((await payloads())[0]).toMatchObject({ card: 'card-9', attendee: 'person:p9' });
  });

  it('ticks a name with its reason', async () => {
    await takeByHand(SPOT, entryOf(2), '无智能手机');
    expect((await payloads())[0]).toMatchObject({
      attendee: 'person:p2',
      way: 'manual',
      reason: '无智能手机',
    });
  });

  it('undoes a mis-tap by another record and deletes nothing', async () => {
    const taken = await takeByHand(SPOT, entryOf(1), '其他');
    const [one] = checkIns.value;
    if (one) await undo(one);
    expect(presentAt(SPOT).size).toBe(0);
    const told = await payloads();
    expect(told).toHaveLength(2);
    expect(told.some(answers => answers['undoes'] === taken.check_in_id)).toBe(true);
  });

  it('takes a walk-in', async () => {
    await takeWalkIn(SPOT, '周来', '开庄', '', '临时通知');
    expect((await payloads())[0]).toMatchObject({ walk_name: '周来', walk_unit: '开庄', reason: '临时通知' });
    expect(presentAt(SPOT).size).toBe(1);
  });

  it('confirms who scanned without a network', async () => {
    const waiting = { ...SPOT, check_in_id: 'w', attendee_id: 'person:p1', way: 'wall' as const, name: '' };
    const db = await store();
    await db.put('check_ins', { ...waiting, at: CLASS.start_at, state: 'unconfirmed', is_local: false });
    await refresh();
    const [one] = waitingAt(SPOT);
    if (one) await confirm(one);
    expect([...presentAt(SPOT).keys()]).toEqual(['person:p1']);
    expect((await payloads())[0]).toMatchObject({ confirms: 'w' });
  });

  it('finds names by either reading of a surname', () => {
    const names = (text: string): string[] => findAttendees(CLASS, text).map(found => found.name);
    expect([names('sxm'), names('dan'), names('周')]).toEqual([['单晓明'], ['单晓明'], ['周建国']]);
    expect(eventOf(EVENT)?.name).toBe('培训班');
  });
});

describe('the session to check in at', () => {
  const session = (session_no: number, from: string, to: string): EventSession => ({
    ...(CLASS.sessions[0] as EventSession),
    session_no,
    start_at: `2016-10-15T${from}:00Z`,
    end_at: `2016-10-15T${to}:00Z`,
  });
  const day = { ...CLASS, sessions: [session(1, '00:30', '04:00'), session(2, '05:30', '09:00')] };

  it.each([
    ['00:10', 1],
    ['03:59', 1],
    ['05:10', 2], // the break: people come for the afternoon
    ['12:00', 2],
  ])('is, at %s, number %i', (time, expected) => {
    vi.useFakeTimers({ now: new Date(`2016-10-15T${time}:00Z`), toFake: ['Date'] });
    expect(sessionNow(day)).toBe(expected);
    vi.useRealTimers();
  });
});

describe('the code on the wall', () => {
  // tests/server/test_wall_codes.py holds the server to the same text.
  const CODE = 'AQGSpMBdHnpDmlU_D3wcKxEDARGZ7sAk0jXOi5f99J0PFUWpyiup';

  it('is what the server makes of the same key and moment', async () => {
    const at = new Date('2016-10-15T04:00:03.000Z');
    expect(await wallCode(KEY, { ...SPOT, session_no: 3, direction: 'out' }, at)).toBe(CODE);
  });

  it('is kept when an attendee scans it offline, and nothing else is', async () => {
    expect(readWall(CODE)).toEqual({ event_id: EVENT, session_no: 3, direction: 'out' });
    expect(await takeWall(CODE)).toBe(true);
    expect((await payloads())[0]).toMatchObject({ code: CODE, way: 'wall', direction: 'out' });
    expect(await takeWall('no code')).toBe(false);
  });
});
