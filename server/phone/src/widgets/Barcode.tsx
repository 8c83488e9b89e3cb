/** A code, read by the phone's camera or typed where it can't be read. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import { t } from '../texts/filling.ts';
import { looksLike, useDesk } from './context.ts';
import { lazily } from './Lazy.tsx';
import { Text } from './Text.tsx';

const Scanner = lazily<{ onText: (text: string) => void; onClose: () => void }>(() =>
  import('./Scanner.tsx').then(({ Scanner: found }) => found),
);

/** Without a reader of the phone's own there is only ours, which reads QR codes. */
const isQrOnly = (): boolean => !('BarcodeDetector' in globalThis);

export function Barcode({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const isOpen = useSignal(false);
  const take = (text: string): void => {
    isOpen.value = false;
    desk.set(view, text);
  };
  return (
    <div class="clear">
      <div class="row">
        <Text view={view} mode={looksLike(view, 'numbers') ? 'tel' : 'text'} />
        <button class="button scan-button" type="button" onClick={() => (isOpen.value = true)}>
          <Icon name="scan" />
          {t('scan')}
        </button>
      </div>
      {isQrOnly() ? <p class="q-hint">{t('qr_only')}</p> : null}
      {isOpen.value ? <Scanner onText={take} onClose={() => (isOpen.value = false)} /> : null}
    </div>
  );
}
