/** Ticking somebody off the list: with a reason, which is kept beside the check-in. */
import type { JSX } from 'preact';
import { Cell, Sheet } from '../parts.tsx';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import type { RosterEntry } from '../wire.ts';

const REASONS: TextKey[] = ['no_smartphone', 'no_badge', 'battery_empty', 'other_reason'];

export function ByHand(props: {
  entry: RosterEntry;
  onTake: (reason: string) => Promise<void>;
  onClose: () => void;
}): JSX.Element {
  const take = (reason: TextKey): void => {
    props.onClose();
    void props.onTake(t(reason));
  };
  return (
    <Sheet title={t('by_hand_title', { name: props.entry.name })} onClose={props.onClose}>
      <p class="section-title">{t('by_hand_why')}</p>
      <div class="cells">
        {REASONS.map(reason => (
          <Cell key={reason} title={t(reason)} onClick={() => take(reason)} />
        ))}
      </div>
    </Sheet>
  );
}
