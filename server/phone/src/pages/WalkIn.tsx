/** Somebody nobody expected: a name, where from, a number if they like, and why they came. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Spot } from '../events.ts';
import { takeWalkIn } from '../events.ts';
import { Button, say, Sheet } from '../parts.tsx';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';

const FIELDS: [string, TextKey][] = [
  ['name', 'attendee_name'],
  ['unit', 'unit'],
  ['phone', 'phone_number'],
  ['reason', 'reason_why'],
];

export function WalkIn({ spot, onClose }: { spot: Spot; onClose: () => void }): JSX.Element {
  const values = useSignal<Record<string, string>>({});
  const of = (name: string): string => (values.value[name] ?? '').trim();
  const isReady = of('name') !== '' && of('reason') !== '';
  const take = async (): Promise<void> => {
    onClose();
    const taken = await takeWalkIn(spot, of('name'), of('unit'), of('phone'), of('reason'));
    say(taken.state === 'no_form' ? t('check_in_no_form') : t('taken', { name: taken.name }));
  };
  return (
    <Sheet title={t('walk_in_add')} onClose={onClose}>
      {FIELDS.map(([name, label]) => (
        <label key={name} class="event-field">
          {t(label)}
          <input
            class="input"
            inputMode={name === 'phone' ? 'tel' : 'text'}
            maxLength={name === 'reason' ? 200 : 40}
            onInput={event => (values.value = { ...values.value, [name]: event.currentTarget.value })}
          />
        </label>
      ))}
      <div class="buttons">
        <Button look="main" disabled={!isReady} onClick={() => void take()}>
          {t('check_in')}
        </Button>
      </div>
    </Sheet>
  );
}
