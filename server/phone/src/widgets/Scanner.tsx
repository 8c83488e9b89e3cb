/** The camera over the page until it has read one code. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Sheet } from '../parts.tsx';
import { Camera } from '../scan/Camera.tsx';
import { ANY_CODE, Reader } from '../scan/reader.ts';
import '../scan/scan.css';
import { t } from '../texts/rare.ts';

interface Props {
  onText: (text: string) => void;
  onClose: () => void;
}

export function Scanner({ onText, onClose }: Props): JSX.Element {
  const reader = useMemo(() => new Reader(ANY_CODE), []);
  const isQrOnly = useSignal(false);
  useEffect(() => {
    void reader.readsBars().then(hasBars => (isQrOnly.value = !hasBars));
    return () => reader.close();
  }, []);
  const take = (text: string): Promise<void> => {
    onText(text);
    return Promise.resolve();
  };
  return (
    <Sheet title={t('scan')} onClose={onClose} tall>
      <Camera reader={reader} isPaused={false} onText={take} />
      <p class="plain-note">{t(isQrOnly.value ? 'qr_only' : 'scan_or_type')}</p>
    </Sheet>
  );
}
