/** The strip below a page's title that says how things stand with the server; never green while anything waits. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Banner } from './parts.tsx';
import { to } from './route.ts';
import { syncAndPlan } from './schedule.ts';
import { progress, records, session, unsent } from './state.ts';
import { status } from './sync.ts';
import { shortTime } from './days.ts';
import { t } from './texts.ts';
import { applyUpdate, isUpdateReady } from './update.ts';

const isOnline = signal(typeof navigator === 'undefined' || navigator.onLine);
if (typeof addEventListener === 'function') {
  addEventListener('online', () => (isOnline.value = true));
  addEventListener('offline', () => (isOnline.value = false));
}

/** What waits, in words; '' when nothing does. */
function waitingText(): string {
  const files = records.value.reduce(
    (n, record) => n + (record.state === 'sent' ? record.n_files_waiting : 0),
    0,
  );
  const parts = [
    unsent.value.length > 0 ? t('n_unsent', { n: unsent.value.length }) : '',
    files > 0 ? t('n_files_waiting', { n: files }) : '',
  ];
  return parts.filter(part => part !== '').join(' · ');
}

/** How the last exchange went, in words. */
export function standing(): string {
  const { is_running, result } = status.value;
  if (is_running) return t('syncing');
  if (!isOnline.value) return t('offline');
  if (typeof result === 'object' && result !== null) {
    if (result.kind === 'offline') return t('offline');
    if (result.kind === 'busy') return t('server_busy');
    if (result.kind === 'problem') return t('sync_failed');
  }
  const at = shortTime(progress.value.synced_at);
  return at === '' ? t('never_synced') : t('synced_at', { time: at });
}

const OVERDUE_MS = 3 * 24 * 60 * 60 * 1000;

/** Something has waited for days: phones lose what nobody fetches. */
function isOverdue(): boolean {
  return unsent.value.some(record => Date.now() - Date.parse(record.finalised_at) > OVERDUE_MS);
}

export function SyncStrip(): JSX.Element {
  const waiting = waitingText();
  const { is_running, result } = status.value;
  const isFine = isOnline.value && waiting === '' && result === 'ok';
  const tone = waiting !== '' ? 'wait' : isFine && !is_running ? 'good' : 'plain';
  return (
    <>
      {session.value?.token === '' ? (
        <Banner tone="wait" action={<a href={to('sign-in')}>{t('sign_in_again')}</a>}>
          {t('session_ended')}
        </Banner>
      ) : null}
      {isOverdue() ? <Banner tone="bad">{t('overdue')}</Banner> : null}
      {isUpdateReady.value ? (
        <Banner
          tone="info"
          action={
            <button type="button" onClick={applyUpdate}>
              {t('update_now')}
            </button>
          }
        >
          {t('update_ready')}
        </Banner>
      ) : null}
      <Banner
        tone={tone}
        action={
          <button type="button" disabled={is_running} onClick={() => void syncAndPlan()}>
            {t('sync_now')}
          </button>
        }
      >
        {[standing(), waiting].filter(part => part !== '').join(' · ')}
      </Banner>
    </>
  );
}
