/** What everybody may know of an event. */
import type { JSX } from 'preact';
import { Section } from '../parts.tsx';
import type { TextKey } from '../texts.ts';
import { townTime } from '../days.ts';
import { t } from '../texts.ts';
import type { Row } from '../wire.ts';
import { Facts } from './Facts.tsx';

const FACTS: readonly [string, TextKey][] = [
  ['start_at', 'event_from'],
  ['end_at', 'event_until'],
  ['place', 'event_place'],
  ['host_unit', 'event_host'],
];

export function EventFacts({ row }: { row: Row }): JSX.Element {
  return (
    <Section title={t('last_facts')}>
      <Facts row={row} facts={FACTS} wordsOf={wordsOf} />
    </Section>
  );
}

const wordsOf = (column: string, text: string): string => (column.endsWith('_at') ? townTime(text) : text);
