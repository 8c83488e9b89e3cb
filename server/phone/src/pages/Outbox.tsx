/** Outbox: every record with its true state, those that need the person first. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { OutboxRecord } from '../db.ts';
import { CHECK_IN_FORM } from '../events.ts';
import { titleOf } from '../modules.ts';
import { submissionOf } from '../outbox.ts';
import { Cell, Empty, Screen, Section, Tag } from '../parts.tsx';
import { needsPerson, stateOf } from '../recordstate.ts';
import { to } from '../route.ts';
import { language } from '../settings.ts';
import { SyncStrip } from '../sight.tsx';
import { records } from '../state.ts';
import type { TextKey } from '../texts.ts';
import { shortTime } from '../days.ts';
import { problemText, t } from '../texts.ts';

const FIRST_SENT = 30;
type Part = 'needs_you' | 'waiting_section' | 'drafts_section' | 'sent_section';
const PARTS: (Part & TextKey)[] = ['needs_you', 'waiting_section', 'drafts_section', 'sent_section'];

function partOf(record: OutboxRecord): Part {
  if (needsPerson(record, submissionOf(record))) return 'needs_you';
  if (record.state === 'draft') return 'drafts_section';
  return record.state === 'finalised' ? 'waiting_section' : 'sent_section';
}

export function Outbox(): JSX.Element {
  const nSent = useSignal(FIRST_SENT);
  const parts: Record<Part, OutboxRecord[]> = {
    needs_you: [],
    waiting_section: [],
    drafts_section: [],
    sent_section: [],
  };
  for (const record of records.value) {
    if (record.replaced_by === undefined) parts[partOf(record)].push(record);
  }
  const isMore = parts.sent_section.length > nSent.value;
  parts.sent_section = parts.sent_section.slice(0, nSent.value);
  return (
    <Screen title={t('outbox')}>
      <SyncStrip />
      {PARTS.map(part =>
        parts[part].length > 0 ? (
          <Section key={part} title={t(part)}>
            <Records records={parts[part]} />
          </Section>
        ) : null,
      )}
      {records.value.length === 0 ? <Empty>{t('outbox_empty')}</Empty> : null}
      {isMore ? (
        <div class="buttons">
          <button class="button" type="button" onClick={() => (nSent.value += FIRST_SENT)}>
            {t('show_more')}
          </button>
        </div>
      ) : null}
    </Screen>
  );
}

/** Check-ins come by the dozen: they stand together, and open by a tap. */
function Records({ records: all }: { records: OutboxRecord[] }): JSX.Element {
  const isOpen = useSignal(false);
  const few = all.filter(record => record.form_id === CHECK_IN_FORM);
  const shown = few.length < 3 || isOpen.value ? all : all.filter(record => record.form_id !== CHECK_IN_FORM);
  return (
    <>
      {few.length < 3 ? null : (
        <Cell
          title={t('check_ins_n', { n: few.length })}
          note={shortTime(few[0]?.finalised_at ?? '')}
          onClick={() => (isOpen.value = !isOpen.value)}
        />
      )}
      {shown.map(record => (
        <RecordCell key={record.instance_id} record={record} />
      ))}
    </>
  );
}

function RecordCell({ record }: { record: OutboxRecord }): JSX.Element {
  const state = stateOf(record, submissionOf(record));
  const title = titleOf(record.form_title, language.value);
  const why = record.state === 'failed' && record.problem ? problemText(record.problem).message : '';
  const when = shortTime(record.finalised_at || record.changed_at);
  const note = [record.name ? title : '', when, why].filter(part => part !== '').join(' · ');
  return (
    <Cell
      title={record.name || title}
      note={note}
      side={<Tag tone={state.tone}>{t(state.key)}</Tag>}
      href={to('record', record.instance_id)}
    />
  );
}
