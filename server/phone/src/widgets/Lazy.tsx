/** Widgets that few forms need: their code is loaded when they are first shown, from this phone's cache. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../texts/filling.ts';

/** Return a component that stands for another one until that has come. */
export function lazily<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  find: () => FunctionComponent<P> | null = () => null,
): FunctionComponent<P> {
  let loaded: FunctionComponent<P> | null = null;
  return function Lazy(props: P): JSX.Element {
    const Loaded = useSignal((loaded ??= find()));
    const isMissing = useSignal(false);
    useEffect(() => {
      if (Loaded.peek() !== null) return;
      load().then(
        found => (Loaded.value = loaded = found),
        () => (isMissing.value = true),
      );
    }, []);
    if (Loaded.value) return <Loaded.value {...props} />;
    return <p class="q-hint">{t(isMissing.value ? 'widget_missing' : 'opening')}</p>;
  };
}
