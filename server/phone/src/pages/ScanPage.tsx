/** The door of the scanner: its code is fetched when it is first wanted, from this phone's cache without a network. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Banner, Empty, Screen } from '../parts.tsx';
import { t } from '../texts.ts';

export function ScanPage(): JSX.Element {
  const page = useSignal<{ Scan: FunctionComponent } | null>(null);
  const isMissing = useSignal(false);
  useEffect(() => {
    import('./Scan.tsx').then(
      loaded => (page.value = loaded),
      () => (isMissing.value = true),
    );
    void import('../scan.ts').then(({ getReady }) => getReady());
  }, []);
  if (page.value) return <page.value.Scan />;
  return (
    <Screen title={t('scan')}>
      {isMissing.value ? <Banner tone="bad">{t('scanner_missing')}</Banner> : <Empty>{t('opening')}</Empty>}
    </Screen>
  );
}
