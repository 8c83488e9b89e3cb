/** What is on record of one pairing. */
import type { JSX } from 'preact';
import { Cell, Section } from '../parts.tsx';
import { to } from '../route.ts';
import type { TextKey } from '../texts.ts';
import { dayText } from '../days.ts';
import { pairingWord, t } from '../texts.ts';
import { usePack } from '../usePack.ts';
import { rowNamed } from '../rows.ts';
import type { Row } from '../wire.ts';
import { Facts } from './Facts.tsx';

const FACTS: readonly [string, TextKey][] = [
  ['kind', 'pairing_kind'],
  ['state', 'pairing_state'],
  ['mentor_name', 'pairing_mentor'],
  ['due_on', 'pairing_due'],
  ['last_contact_on', 'pairing_last'],
  ['last_content', 'pairing_content'],
  ['cadence', 'pairing_cadence'],
  ['goal', 'pairing_goal'],
  ['start_on', 'pairing_since'],
  ['end_plan_on', 'pairing_until'],
  ['pairing_no', 'pairing_no'],
];

export function PairingFacts({ row }: { row: Row }): JSX.Element {
  const list = row['mentee_list'] ?? '';
  const mentee = row['mentee'] ?? '';
  const pack = usePack(list).value;
  const isHere = pack !== null && rowNamed(pack, mentee) !== null;
  return (
    <Section title={t('last_facts')}>
      {isHere ? <Cell title={t('open_mentee')} href={to('find', list, mentee)} /> : null}
      <Facts row={row} facts={FACTS} wordsOf={wordsOf} />
    </Section>
  );
}

function wordsOf(column: string, text: string): string {
  if (column === 'cadence') {
    const [n = '', unit = ''] = text.split('/');
    return t(unit === 'quarter' ? 'each_quarter' : 'each_month', { n });
  }
  if (column.endsWith('_on')) return dayText(text);
  return column === 'kind' || column === 'state' ? pairingWord(text) : text;
}
