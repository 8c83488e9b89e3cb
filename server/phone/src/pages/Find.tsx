/** Find: rows of the lists that fillings start from, by name, pinyin initials, number or village. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Pack } from '../db.ts';
import { fullRow } from '../rows.ts';
import { Cell, Empty, Many, Screen, Section, Tag } from '../parts.tsx';
import { replace, to } from '../route.ts';
import { findRows, villagesIn } from '../search.ts';
import { SyncStrip } from '../sight.tsx';
import { currentForms, progress, records } from '../state.ts';
import { localEntities } from '../lists.ts';
import { listName, t } from '../texts.ts';
import { PAIRINGS } from '../tasks.ts';
import { usePack } from '../usePack.ts';

const FIRST_SHOWN = 30;

/** What is looked for most comes first. */
const ORDER = ['household', PAIRINGS, 'business'];
const rank = (list: string): number => (ORDER.includes(list) ? ORDER.indexOf(list) : ORDER.length);

/** The lists that some form starts from; the first is where Find opens. */
function startLists(): string[] {
  const lists = [...new Set(currentForms.value.map(form => form.starts_from).filter(list => list !== ''))];
  return lists.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The columns that the forms which start from a list want searched and shown. */
function columnsToFind(list: string): string[] {
  const forms = currentForms.value.filter(form => form.starts_from === list);
  return [...new Set(forms.flatMap(form => form.find ?? []))];
}

export function Find({ list }: { list: string }): JSX.Element {
  const lists = startLists();
  const here = list || lists[0] || '';
  return (
    <Screen title={t('find')}>
      <SyncStrip />
      {lists.length > 1 ? (
        <div class="chips">
          {lists.map(name => (
            <button
              key={name}
              class="chip"
              type="button"
              aria-pressed={name === here}
              onClick={() => replace('find', name)}
            >
              {listName(name)}
            </button>
          ))}
        </div>
      ) : null}
      {here === '' ? <Empty>{t('list_empty')}</Empty> : <FindIn key={here} list={here} />}
    </Screen>
  );
}

function FindIn({ list }: { list: string }): JSX.Element {
  const pack = usePack(list).value;
  const places = usePack('village').value;
  const text = useSignal('');
  const village = useSignal('');
  if (pack === null) return <Empty>{t('opening')}</Empty>;
  const codes = villagesIn(pack);
  const names = labelsOf(places);
  const more = columnsToFind(list);
  const found = findRows(pack, text.value, village.value, more);
  return (
    <>
      <div class="search">
        <input
          class="input"
          type="search"
          placeholder={t('search_hint')}
          aria-label={t('search_hint')}
          onInput={event => (text.value = event.currentTarget.value)}
        />
        {codes.length > 1 ? (
          <select
            class="input"
            aria-label={t('all_villages')}
            onChange={event => (village.value = event.currentTarget.value)}
          >
            <option value="">{t('all_villages')}</option>
            {codes.map(code => (
              <option key={code} value={code}>
                {names.get(code) ?? code}
              </option>
            ))}
          </select>
        ) : null}
      </div>
      <Found pack={pack} found={found} villages={names} more={more} />
    </>
  );
}

export function labelsOf(pack: Pack | null): Map<string, string> {
  const names = pack?.columns['name'] ?? [];
  return new Map(names.map((name, at) => [name, pack?.columns['label']?.[at] ?? name]));
}

function Found(props: {
  pack: Pack;
  found: number[];
  villages: Map<string, string>;
  more: readonly string[];
}): JSX.Element {
  const { pack, found, villages, more } = props;
  const own = new Set(localEntities(records.value, progress.value).map(entity => entity.entity_id));
  if (pack.n_rows === 0) return <Empty>{t('list_empty')}</Empty>;
  if (found.length === 0) return <Empty>{t('none_found')}</Empty>;
  return (
    <Section title={t('n_found', { n: found.length })}>
      <Many
        of={found}
        first={FIRST_SHOWN}
        show={at => {
          const row = fullRow(pack, at);
          const name = row['name'] ?? '';
          const where = villages.get(row['village'] ?? '') ?? '';
          return (
            <Cell
              key={name}
              title={row['label'] || name}
              note={[where, ...more.map(column => row[column] ?? '')].filter(part => part !== '').join(' · ')}
              side={own.has(name) ? <Tag tone="wait">{t('not_sent_yet')}</Tag> : undefined}
              href={to('find', pack.list, name)}
            />
          );
        }}
      />
    </Section>
  );
}
