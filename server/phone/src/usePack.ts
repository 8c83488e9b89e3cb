/** A list as a page shows it: read again whenever the lists or own unsent records change. */
import type { ReadonlySignal } from '@preact/signals';
import { useSignal, useSignalEffect } from '@preact/signals';
import type { Pack } from './db.ts';
import { localEntities, openList } from './lists.ts';
import { progress, records } from './state.ts';

export function usePack(list: string): ReadonlySignal<Pack | null> {
  const pack = useSignal<Pack | null>(null);
  useSignalEffect(() => {
    const own = localEntities(records.value, progress.value);
    void openList(list, own).then(found => (pack.value = found));
  });
  return pack;
}
