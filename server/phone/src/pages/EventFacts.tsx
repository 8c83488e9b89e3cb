/** What everybody may know of an event; its list is a view of a table, so no form tells what its columns mean. */
import type { JSX } from 'preact';
import { Section } from '../parts.tsx';
import type { TextKey } from '../texts.ts';
import { t, townTime } from '../texts.ts';
import type { Row } from '../wire.ts';

const FACTS: readonly [string, TextKey][] = [
  ['start_at', 'event_from'],
  ['end_at', 'event_until'],
  ['place', 'event_place'],
  ['host_unit', 'event_host'],
];

export function EventFacts({ row }: { row: Row }): JSX.Element {
  return (
    <Section title={t('last_facts')}>
      <dl class="facts">
        {FACTS.filter(([column]) => row[column]).map(([column, label]) => (
          <div key={column} class="fact">
            <dt>{t(label)}</dt>
            <dd>{column.endsWith('_at') ? townTime(row[column] ?? '') : row[column]}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
