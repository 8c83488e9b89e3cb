/** A long list of which only a window is in the page: it moves as the list is scrolled, whatever the rows' heights. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const SHOWN = 60;
const STEP = 20;
const ROW_PX = 56; // until rows were measured
const AHEAD = '400px'; // rows are there before they are scrolled to

interface Props<T> {
  of: readonly T[];
  show: (item: T) => JSX.Element;
  /** Where the list begins to be shown, as for one that was just added at its end. */
  from?: number;
}

export function Window<T>({ of, show, from = 0 }: Props<T>): JSX.Element {
  const last = Math.max(0, Math.ceil((of.length - SHOWN) / STEP) * STEP);
  const start = useSignal(Math.min(last, Math.floor(from / STEP) * STEP));
  const box = useRef<HTMLDivElement>(null);
  // The height of each step of rows that stands above the window.
  const above = useRef<number[]>(Array.from({ length: start.peek() / STEP }, () => STEP * ROW_PX));
  const first = Math.min(start.value, last);
  const height = above.current.slice(0, first / STEP).reduce((sum, px) => sum + px, 0);
  const rowPx = first > 0 ? height / first : ROW_PX;
  const shown = of.slice(first, first + SHOWN);

  const move = (isDown: boolean, pastPx: number): void => {
    const nSteps = Math.max(1, Math.floor(pastPx / (rowPx * STEP)));
    if (isDown) {
      above.current[first / STEP] = measured(box.current) ?? STEP * rowPx;
      for (let n = 1; n < nSteps; n++) above.current[first / STEP + n] ??= STEP * rowPx;
    }
    start.value = Math.min(last, Math.max(0, first + (isDown ? nSteps : -nSteps) * STEP));
  };
  useLayoutEffect(() => watchEnds(box.current, move), [first, of]);
  return (
    <div ref={box}>
      <div style={{ height: `${height}px` }} />
      {shown.map(show)}
      <div style={{ height: `${(of.length - first - shown.length) * rowPx}px` }} />
    </div>
  );
}

/** How tall the first step of rows is in the page. */
function measured(box: HTMLElement | null): number | undefined {
  const top = box?.children[1]?.getBoundingClientRect().top;
  const bottom = box?.children[1 + STEP]?.getBoundingClientRect().top;
  return top === undefined || bottom === undefined ? undefined : bottom - top;
}

/** Tell when the place of rows that aren't drawn comes near, and how far it was scrolled past already. */
function watchEnds(
  box: HTMLElement | null,
  move: (isDown: boolean, pastPx: number) => void,
): (() => void) | undefined {
  const [top, bottom] = [box?.firstElementChild, box?.lastElementChild];
  if (!top || !bottom || typeof IntersectionObserver !== 'function') return undefined;
  const watch = new IntersectionObserver(
    entries => {
      const seen = entries.find(entry => entry.isIntersecting && entry.boundingClientRect.height > 0);
      if (!seen) return;
      const isDown = seen.target === bottom;
      const { boundingClientRect: whole, intersectionRect: inside } = seen;
      move(isDown, isDown ? inside.bottom - whole.top : whole.bottom - inside.top);
    },
    { rootMargin: AHEAD },
  );
  watch.observe(top);
  watch.observe(bottom);
  return () => watch.disconnect();
}
