/** The door of the badge scanner: like the scanner itself it is fetched when it is first wanted. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Spot } from '../events.ts';
import { Banner, Empty, Sheet } from '../parts.tsx';
import { t } from '../texts.ts';

export function BadgeDoor({ spot, onClose }: { spot: Spot; onClose: () => void }): JSX.Element {
  const page = useSignal<{ Badges: FunctionComponent<{ spot: Spot }> } | null>(null);
  const isMissing = useSignal(false);
  useEffect(() => {
    import('./Badges.tsx').then(
      loaded => (page.value = loaded),
      () => (isMissing.value = true),
    );
  }, []);
  return (
    <Sheet title={t('scan_badges')} onClose={onClose} tall>
      {page.value ? <page.value.Badges spot={spot} /> : null}
      {isMissing.value ? <Banner tone="bad">{t('scanner_missing')}</Banner> : null}
      {page.value || isMissing.value ? null : <Empty>{t('opening')}</Empty>}
    </Sheet>
  );
}
