/** Today's events: those the person runs, and what is coming up for everybody. */
import type { JSX } from 'preact';
import { correctedNow, events } from '../events.ts';
import { fullRow } from '../rows.ts';
import { Cell, Many, Section, Tag } from '../parts.tsx';
import { to } from '../route.ts';
import { townTime } from '../days.ts';
import { t } from '../texts.ts';
import { usePack } from '../usePack.ts';
import type { EventChange, Row } from '../wire.ts';

const DAY_MS = 86_400_000;
const AHEAD_MS = 14 * DAY_MS;
const FIRST_SHOWN = 4;

export function TodayEvents(): JSX.Element {
  const pack = usePack('event').value;
  const own = events.value.filter(isNear);
  const known = new Set(own.map(event => event.event_id));
  const rows = pack ? Array.from({ length: pack.n_rows }, (_, at) => fullRow(pack, at)) : [];
  const coming = rows
    .filter(row => isComing(row) && !known.has(row['name'] ?? ''))
    .sort((a, b) => ((a['start_at'] ?? '') < (b['start_at'] ?? '') ? -1 : 1));
  return (
    <>
      {own.length > 0 ? (
        <Section title={t('events_own')}>
          <Many
            of={own}
            first={FIRST_SHOWN}
            show={event => <OwnEvent key={event.event_id} event={event} />}
          />
        </Section>
      ) : null}
      {coming.length > 0 ? (
        <Section title={t('events_soon')}>
          <Many of={coming} first={FIRST_SHOWN} show={row => <Coming key={row['name']} row={row} />} />
        </Section>
      ) : null}
    </>
  );
}

/** Open, or within two weeks, or over since less than a day. */
function isNear(event: EventChange): boolean {
  const now = correctedNow().getTime();
  if (event.state === 'open') return true;
  return Date.parse(event.end_at) > now - DAY_MS && Date.parse(event.start_at) < now + AHEAD_MS;
}

function isComing(row: Row): boolean {
  const now = correctedNow().getTime();
  const isOn = row['state'] === 'planned' || row['state'] === 'open';
  const start = Date.parse(row['start_at'] ?? '');
  return isOn && Date.parse(row['end_at'] ?? '') > now && start < now + AHEAD_MS;
}

function OwnEvent({ event }: { event: EventChange }): JSX.Element {
  return (
    <Cell
      title={event.name}
      note={`${townTime(event.start_at)} · ${event.place}`}
      side={<EventState state={event.state} />}
      href={to('event', event.event_id)}
    />
  );
}

export function EventState({ state }: { state: EventChange['state'] }): JSX.Element {
  const tone = state === 'open' ? 'good' : state === 'planned' ? 'wait' : 'plain';
  return (
    <Tag tone={tone}>
      {t(state === 'open' ? 'event_open' : state === 'planned' ? 'event_planned' : 'event_held')}
    </Tag>
  );
}

function Coming({ row }: { row: Row }): JSX.Element {
  return <Cell title={row['label']} note={`${townTime(row['start_at'] ?? '')} · ${row['place'] ?? ''}`} />;
}
