/** What a page holds, in order: questions, groups with their title, repeats. */
import type { JSX } from 'preact';
import type { View } from '../filling/types.ts';
import { isShown } from '../pagination.ts';
import { LabelMedia, Question } from './Question.tsx';
import { Repeat } from './Repeat.tsx';
import { Rich } from './Rich.tsx';

/** Views live as long as the filling does, so their identity is the key. */
const keys = new WeakMap<View, number>();
let nextKey = 0;

function keyOf(view: View): number {
  const known = keys.get(view);
  if (known !== undefined) return known;
  keys.set(view, ++nextKey);
  return nextKey;
}

export function Items({ views, untitled }: { views: readonly View[]; untitled?: View | null }): JSX.Element {
  return (
    <>
      {views.map(view => (
        <Item key={keyOf(view)} view={view} isTitled={view !== untitled} />
      ))}
    </>
  );
}

function Item({ view, isTitled }: { view: View; isTitled: boolean }): JSX.Element | null {
  if (view.kind === 'question') return <Question view={view} />;
  if (!isShown(view)) return null;
  if (view.kind === 'repeat') return <Repeat view={view} />;
  return (
    <>
      {isTitled && view.label.value ? (
        <h3 class="part-title">
          <Rich text={view.label.value} />
        </h3>
      ) : null}
      {view.def.media ? <LabelMedia view={view} /> : null}
      <Items views={view.children} />
    </>
  );
}
