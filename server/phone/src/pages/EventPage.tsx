/** An event at its door: tick names, scan badges, show the code; all of it without a network. */
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { LocalCheckIn } from '../db.ts';
import type { Direction, Spot, Taken } from '../events.ts';
import {
  confirm,
  eventOf,
  findAttendees,
  presentAt,
  sessionNow,
  takeByHand,
  undo,
  waitingAt,
} from '../events.ts';
import { Banner, Cell, Empty, Many, say, Screen, Section, Tag } from '../parts.tsx';
import { SyncStrip } from '../sight.tsx';
import { shortTime, townDay } from '../days.ts';
import { t } from '../texts.ts';
import type { EventChange, EventSession, RosterEntry } from '../wire.ts';
import { BadgeDoor } from './BadgeDoor.tsx';
import { ByHand } from './ByHand.tsx';
import { EventWall } from './EventWall.tsx';
import { WalkIn } from './WalkIn.tsx';

const FIRST_SHOWN = 60;
const ONLY_IN: readonly Direction[] = ['in'];
const DIRECTIONS: readonly Direction[] = ['in', 'out'];

export function EventPage({ eventId }: { eventId: string }): JSX.Element {
  const event = eventOf(eventId);
  if (event === undefined) {
    return (
      <Screen title={t('events')} back>
        <Empty>{t('event_gone')}</Empty>
      </Screen>
    );
  }
  return <OpenEvent event={event} />;
}

type Opened = 'wall' | 'badges' | 'walk_in' | RosterEntry | null;

function OpenEvent({ event }: { event: EventChange }): JSX.Element {
  const where = useSignal(`${sessionNow(event)} in`);
  const opened = useSignal<Opened>(null);
  const spot = spotOf(event, where.value);
  const present = presentAt(spot);
  const due = event.roster.filter(entry => entry.state !== 'walk_in').length;
  const close = (): void => void (opened.value = null);
  const shown = opened.value;
  return (
    <Screen title={event.name} back>
      <SyncStrip />
      {event.state === 'open' ? null : (
        <Banner tone="wait">{t(event.state === 'held' ? 'event_held' : 'event_planned')}</Banner>
      )}
      <Where event={event} where={where} />
      <p class="event-count">
        <b>{t('present_of', { n: present.size, due })}</b>
      </p>
      <div class="buttons">
        <button class="button look-main" type="button" onClick={() => (opened.value = 'badges')}>
          {t('scan_badges')}
        </button>
        <button class="button" type="button" onClick={() => (opened.value = 'wall')}>
          {t('show_code')}
        </button>
        <button class="button" type="button" onClick={() => (opened.value = 'walk_in')}>
          {t('walk_in')}
        </button>
      </div>
      <Waiting event={event} spot={spot} />
      <Attendees event={event} present={present} onPick={entry => (opened.value = entry)} />
      {shown === 'wall' ? <EventWall event={event} spot={spot} onClose={close} /> : null}
      {shown === 'badges' ? <BadgeDoor spot={spot} onClose={close} /> : null}
      {shown === 'walk_in' ? <WalkIn spot={spot} onClose={close} /> : null}
      {shown !== null && typeof shown === 'object' ? (
        <ByHand entry={shown} onClose={close} onTake={reason => takeByHand(spot, shown, reason).then(tell)} />
      ) : null}
    </Screen>
  );
}

function spotOf(event: EventChange, where: string): Spot {
  const [session = '1', direction = 'in'] = where.split(' ');
  return { event_id: event.event_id, session_no: Number(session), direction: direction as Direction };
}

/** Say what became of it; a mis-tap can be undone at once. */
export function tell(taken: Taken): void {
  if (taken.state === 'no_form') say(t('check_in_no_form'));
  else if (taken.state === 'double') say(t('taken_double', { name: taken.name, time: shortTime(taken.at) }));
  else say(t('taken', { name: taken.name }));
}

function Where({ event, where }: { event: EventChange; where: Signal<string> }): JSX.Element | null {
  const isAll = useSignal(false);
  const chosen = event.sessions.find(session => where.value.startsWith(`${session.session_no} `));
  const isShown = (session: EventSession): boolean =>
    isAll.value || townDay(session.start_at) === townDay(chosen?.start_at ?? '');
  const keys = event.sessions
    .filter(isShown)
    .flatMap(session =>
      (session.has_check_out ? DIRECTIONS : ONLY_IN).map(direction => ({ session, direction })),
    );
  const isMore = !event.sessions.every(isShown);
  if (keys.length < 2 && !isMore) return null;
  return (
    <div class="chips">
      {keys.map(({ session, direction }) => {
        const key = `${session.session_no} ${direction}`;
        return (
          <button
            key={key}
            class="chip"
            type="button"
            aria-pressed={key === where.value}
            onClick={() => (where.value = key)}
          >
            {[nameOf(session, event), t(direction === 'in' ? 'check_in' : 'check_out')]
              .filter(Boolean)
              .join(' ')}
          </button>
        );
      })}
      {isMore ? (
        <button class="chip" type="button" onClick={() => (isAll.value = true)}>
          {t('other_days')}
        </button>
      ) : null}
    </div>
  );
}

function nameOf(session: EventSession, event: EventChange): string {
  if (session.title !== '') return session.title;
  return event.sessions.length > 1 ? t('session_n', { n: session.session_no }) : '';
}

function Waiting({ event, spot }: { event: EventChange; spot: Spot }): JSX.Element | null {
  const waiting = waitingAt(spot);
  if (waiting.length === 0) return null;
  return (
    <Section title={t('waiting_confirm')}>
      {waiting.map(one => (
        <Cell
          key={one.check_in_id}
          title={event.roster.find(entry => entry.attendee_id === one.attendee_id)?.name ?? one.name}
          note={shortTime(one.at)}
          side={
            <button class="chip" type="button" onClick={() => void confirm(one)}>
              {t('confirm_here')}
            </button>
          }
        />
      ))}
    </Section>
  );
}

function Attendees(props: {
  event: EventChange;
  present: Map<string, LocalCheckIn>;
  onPick: (entry: RosterEntry) => void;
}): JSX.Element {
  const text = useSignal('');
  const found = findAttendees(props.event, text.value);
  const missing = found.filter(entry => !props.present.has(entry.attendee_id));
  const here = found.filter(entry => props.present.has(entry.attendee_id));
  return (
    <>
      <div class="search">
        <input
          class="input"
          type="search"
          placeholder={t('find_attendee')}
          aria-label={t('find_attendee')}
          onInput={event => (text.value = event.currentTarget.value)}
        />
      </div>
      {missing.length > 0 ? (
        <Section title={`${t('not_yet')} ${missing.length}`}>
          <Many
            of={missing}
            first={FIRST_SHOWN}
            show={entry => (
              <Cell
                key={entry.attendee_id}
                title={entry.name}
                note={entry.unit}
                side={entry.state === 'leave' ? <Tag tone="plain">{t('on_leave')}</Tag> : undefined}
                onClick={() => props.onPick(entry)}
              />
            )}
          />
        </Section>
      ) : null}
      {here.length > 0 ? (
        <Section title={`${t('here')} ${here.length}`}>
          <Many
            of={here}
            first={FIRST_SHOWN}
            show={entry => (
              <Here key={entry.attendee_id} entry={entry} one={props.present.get(entry.attendee_id)} />
            )}
          />
        </Section>
      ) : null}
    </>
  );
}

function Here({ entry, one }: { entry: RosterEntry; one: LocalCheckIn | undefined }): JSX.Element {
  const back = async (): Promise<void> => {
    if (one === undefined) return;
    await undo({ ...one, name: entry.name });
    say(t('undone'));
  };
  return (
    <Cell
      title={entry.name}
      note={[entry.unit, one ? shortTime(one.at) : ''].filter(Boolean).join(' · ')}
      side={
        <button class="chip" type="button" onClick={() => void back()}>
          {t('undo_taken')}
        </button>
      }
    />
  );
}
