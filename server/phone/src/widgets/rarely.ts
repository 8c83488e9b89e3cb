/** Widgets of the piece that is loaded apart: at once where it is there already, else when it has come. */
import type { FunctionComponent } from 'preact';
import { lazily } from './Lazy.tsx';
import type * as Widgets from './rare.ts';

type Rare = typeof Widgets;

let rare: Rare | null = null;

/** Fetch the piece; what it holds is then drawn without a wait. */
export async function loadRare(): Promise<Rare> {
  return (rare ??= await import('./rare.ts'));
}

export const rarely = <P extends object>(pick: (rare: Rare) => FunctionComponent<P>): FunctionComponent<P> =>
  lazily(
    () => loadRare().then(pick),
    () => rare && pick(rare),
  );
