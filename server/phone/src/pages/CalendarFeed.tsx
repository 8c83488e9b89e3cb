/** Me's private calendar address: made on the server, copied once, ended again. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { endCalendar, makeCalendar } from '../client.ts';
import { Button, Cell, say, Section } from '../parts.tsx';
import { session } from '../state.ts';
import { t } from '../texts.ts';

export function CalendarFeed(): JSX.Element | null {
  const address = useSignal('');
  if (session.value === null) return null;
  const make = async (): Promise<void> => {
    const made = await makeCalendar(session.peek()?.token ?? '');
    if (made === null) {
      say(t('feed_offline'));
      return;
    }
    address.value = made;
    await copy(made);
  };
  const end = async (): Promise<void> => {
    const isDone = await endCalendar(session.peek()?.token ?? '');
    address.value = '';
    say(t(isDone ? 'feed_ended' : 'feed_offline'));
  };
  return (
    <Section title={t('feed')}>
      <Cell
        isWide
        title={address.value === '' ? t('feed_help') : <span class="address">{address.value}</span>}
        side={
          <span class="switch-row">
            <Button onClick={() => void make()}>{t('feed_make')}</Button>
            <Button onClick={() => void end()}>{t('feed_end')}</Button>
          </span>
        }
      />
    </Section>
  );
}

async function copy(address: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address);
    say(t('feed_copied'));
  } catch {
    say(t('feed_made')); // plain http: it can be marked and copied by hand
  }
}
