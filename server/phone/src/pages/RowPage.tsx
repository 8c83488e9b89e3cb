/** One row of a list: what is on record, what belongs to it, and the forms that start from it. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { Column } from '../columns.ts';
import { columnsOf } from '../columns.ts';
import type { Pack } from '../db.ts';
import { titleOf } from '../modules.ts';
import { localEntities, openList } from '../lists.ts';
import { fullRow, rowNamed } from '../rows.ts';
import { Banner, Cell, Empty, Screen, Section } from '../parts.tsx';
import { to } from '../route.ts';
import { language } from '../settings.ts';
import { currentForms, drafts, progress, records } from '../state.ts';
import { listName, t } from '../texts.ts';
import { usePack } from '../usePack.ts';
import { store } from '../db.ts';
import { PAIRINGS } from '../tasks.ts';
import { EventFacts } from './EventFacts.tsx';
import { PairingFacts } from './PairingFacts.tsx';
import type { Row } from '../wire.ts';

const FIRST_FACTS = 12;
const EVENTS = 'event';

export function RowPage({ list, name }: { list: string; name: string }): JSX.Element {
  const pack = usePack(list).value;
  const row = pack ? rowNamed(pack, name) : null;
  const forms = currentForms.value.filter(form => form.starts_from === list);
  const begun = drafts.value.filter(record => record.subject === name && record.subject_list === list);
  const own = localEntities(records.value, progress.value);
  const isUnsent = own.some(entity => entity.kind === 'create' && entity.entity_id === name);
  return (
    <Screen title={row?.['label'] || listName(list)} back>
      {pack !== null && row === null ? <Empty>{t('row_gone')}</Empty> : null}
      {isUnsent ? <Banner tone="wait">{t('row_unsent')}</Banner> : null}
      {begun.length > 0 ? (
        <Section title={t('drafts_section')}>
          {begun.map(record => (
            <Cell
              key={record.instance_id}
              title={titleOf(record.form_title, language.value)}
              href={to('fill', record.instance_id)}
            />
          ))}
        </Section>
      ) : null}
      {row && forms.length > 0 ? (
        <Section title={t('start_section')}>
          {forms.map(form => (
            <Cell
              key={form.form_id}
              title={<b>{titleOf(form.title, language.value)}</b>}
              href={to('new', form.form_id, name)}
            />
          ))}
        </Section>
      ) : null}
      {row && list === PAIRINGS ? <PairingFacts row={row} /> : null}
      {row && list === EVENTS ? <EventFacts row={row} /> : null}
      {row && list !== PAIRINGS && list !== EVENTS ? <Facts list={list} row={row} /> : null}
      {row ? <Belonging list={list} name={name} /> : null}
    </Screen>
  );
}

interface Fact {
  label: string;
  text: string;
}

function Facts({ list, row }: { list: string; row: Row }): JSX.Element | null {
  const facts = useSignal<Fact[]>([]);
  const isAll = useSignal(false);
  useSignalEffect(() => {
    const wanted = language.value;
    void columnsOf(list, wanted)
      .then(columns => factsOf(columns, row))
      .then(found => (facts.value = found));
  });
  if (facts.value.length === 0) return null;
  const shown = isAll.value ? facts.value : facts.value.slice(0, FIRST_FACTS);
  return (
    <Section title={t('last_facts')}>
      <dl class="facts">
        {shown.map(({ label, text }) => (
          <div key={label} class="fact">
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {shown.length < facts.value.length ? (
        <button class="cell" type="button" onClick={() => (isAll.value = true)}>
          {t('show_all')}
        </button>
      ) : null}
    </Section>
  );
}

async function factsOf(columns: Column[], row: Row): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const column of columns) {
    const text = row[column.name] ?? '';
    if (text !== '') facts.push({ label: column.label, text: await inWords(column, text) });
  }
  return facts;
}

async function inWords(column: Column, text: string): Promise<string> {
  if (column.list !== '') {
    const pack = await openList(column.list, localEntities(records.peek(), progress.peek()));
    return rowNamed(pack, text)?.['label'] ?? text;
  }
  if (column.choices.size === 0) return text;
  return text
    .split(' ')
    .map(code => column.choices.get(code) ?? code)
    .join('、');
}

interface Related {
  list: string;
  rows: Row[];
}

/** Rows of other lists that name this row in the column called after its list: a household's members. */
function Belonging({ list, name }: { list: string; name: string }): JSX.Element {
  const related = useSignal<Related[]>([]);
  useSignalEffect(() => {
    const own = localEntities(records.value, progress.value);
    void belongingTo(list, name, own).then(found => (related.value = found));
  });
  return (
    <>
      {related.value.map(({ list: other, rows }) => (
        <Section key={other} title={listName(other)}>
          {rows.map(row => (
            <Cell
              key={row['name'] ?? ''}
              title={row['label'] || row['name']}
              href={to('find', other, row['name'] ?? '')}
            />
          ))}
        </Section>
      ))}
    </>
  );
}

async function belongingTo(
  list: string,
  name: string,
  own: ReturnType<typeof localEntities>,
): Promise<Related[]> {
  const lists = new Set(await (await store()).getAllKeys('stamps'));
  for (const entity of own) lists.add(entity.list_name);
  const found: Related[] = [];
  for (const other of [...lists].filter(each => each !== list).sort()) {
    const rows = rowsNaming(await openList(other, own), list, name);
    if (rows.length > 0) found.push({ list: other, rows });
  }
  return found;
}

function rowsNaming(pack: Pack, column: string, name: string): Row[] {
  const texts = pack.columns[column] ?? [];
  return texts.flatMap((text, at) => (text === name ? [fullRow(pack, at)] : []));
}
