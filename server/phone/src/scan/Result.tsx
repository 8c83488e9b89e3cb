/** What a scan was: green and a tick, or red and a cross, with the words that say it too. */
import type { JSX } from 'preact';
import { Button, Icon } from '../parts.tsx';
import { to } from '../route.ts';
import type { Scanned } from '../scan.ts';
import { t } from '../texts.ts';
import { ts } from './texts.ts';

const GOOD: readonly Scanned['kind'][] = ['card', 'page', 'wall_kept'];

export const isGood = (scanned: Scanned): boolean => GOOD.includes(scanned.kind);

export function Result({ scanned, onNext }: { scanned: Scanned; onNext: () => void }): JSX.Element {
  const good = isGood(scanned);
  return (
    <div class={`scan-result ${good ? 'is-good' : 'is-bad'}`} role="alertdialog" aria-live="assertive">
      <div class="scan-verdict">
        <Icon name={good ? 'check' : 'close'} />
        <strong>{ts(good ? 'card_good' : 'card_bad')}</strong>
      </div>
      {scanned.kind === 'card' ? <Card scanned={scanned} /> : <p>{reasonOf(scanned)}</p>}
      <div class="scan-next">
        {scanned.kind === 'card' ? (
          <a class="button" href={to('find', scanned.list, scanned.row['name'] ?? '')}>
            {ts('open_row')}
          </a>
        ) : null}
        <Button look="main" onClick={onNext}>
          {ts('scan_next')}
        </Button>
      </div>
    </div>
  );
}

function Card({ scanned }: { scanned: Extract<Scanned, { kind: 'card' }> }): JSX.Element {
  const { row } = scanned;
  const facts = [row['place'], row['position'], row['hh_no'], row['group']];
  return (
    <div class="scan-card">
      <span>{ts(scanned.purpose === 'door' ? 'door_card' : 'badge_card')}</span>
      <b>{row['label'] || row['name']}</b>
      <span>{facts.filter(Boolean).join(' · ')}</span>
    </div>
  );
}

function reasonOf(scanned: Scanned): string {
  switch (scanned.kind) {
    case 'refused':
      return ts(scanned.why);
    case 'other_server':
      return ts('other_server', { host: scanned.host });
    case 'card':
    case 'page':
    case 'wall':
      return t('opening');
    case 'wall_kept':
      return t('wall_kept');
    default:
      return ts(scanned.kind);
  }
}
