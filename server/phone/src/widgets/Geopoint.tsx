/** A position: asked for by a tap, improving until it is good enough, and never without the form's reason. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { QuestionView } from '../filling/types.ts';
import type { RareText } from '../texts/rare.ts';
import { t } from '../texts/rare.ts';
import { useDesk } from './context.ts';
import { followPosition, metres } from './locator.ts';
import { PlaceButtons } from './PlaceButtons.tsx';
import { accuracyOf, asText, shownPosition } from './places.ts';

const GOOD_ENOUGH_M = 15;
const ROUGH_M = 100; // ODK's own limit
const LONGEST_MS = 30_000;

interface Search {
  readonly isRunning: boolean;
  /** The best accuracy of this search in metres, Infinity before there is one. */
  readonly best: number;
  readonly problem: RareText | null;
  readonly start: () => void;
  readonly stop: () => void;
}

/** Searches until the position is good enough, it took too long, or somebody stops it; the best one is kept. */
function useSearch(goodM: number, keep: (position: GeolocationPosition) => void): Search {
  const problem = useSignal<RareText | null>(null);
  const best = useSignal(Infinity);
  const isRunning = useSignal(false);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  const start = (): void => {
    problem.value = null;
    best.value = Infinity;
    isRunning.value = true;
    const end = followPosition({
      onPosition: position => {
        // A later position may be a worse one.
        if (position.coords.accuracy > best.peek()) return;
        best.value = position.coords.accuracy;
        keep(position);
        if (position.coords.accuracy <= goodM) stop.current();
      },
      onTrouble: (why, isFinal) => {
        if (!isFinal) return;
        problem.value = why;
        stop.current();
      },
    });
    const timer = setTimeout(() => {
      if (best.peek() === Infinity) problem.value = 'locate_failed';
      stop.current();
    }, LONGEST_MS);
    stop.current = () => {
      clearTimeout(timer);
      end();
      isRunning.value = false;
    };
  };
  return {
    isRunning: isRunning.value,
    best: best.value,
    problem: problem.value,
    start,
    stop: () => stop.current(),
  };
}

export function Geopoint({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const { accuracyThreshold, unacceptableAccuracyThreshold } = view.def.parameters ?? {};
  const search = useSearch(metres(accuracyThreshold, GOOD_ENOUGH_M), position =>
    desk.set(view, asText(position)),
  );
  const roughM = metres(unacceptableAccuracyThreshold, ROUGH_M);
  const value = view.value.value;
  const isDone = value !== '' && !search.isRunning;
  return (
    <div class="clear">
      {value !== '' ? <p class="q-shown">{shownPosition(value)}</p> : null}
      {isDone && accuracyOf(value) > roughM ? (
        <p class="q-warning">{t('position_rough', { m: roughM })}</p>
      ) : null}
      {search.isRunning ? (
        <p class="q-hint" role="status">
          {search.best === Infinity ? t('locating_hint') : t('accuracy_now', { m: Math.round(search.best) })}
        </p>
      ) : null}
      {search.problem ? <p class="q-error">{t(search.problem)}</p> : null}
      <PlaceButtons
        view={view}
        text={buttonText(search.isRunning, value !== '')}
        press={search.isRunning ? search.stop : search.start}
        clear={isDone ? () => desk.set(view, '') : null}
      />
    </div>
  );
}

function buttonText(isRunning: boolean, isThere: boolean): RareText {
  if (isRunning) return isThere ? 'stop_locating' : 'stop';
  return isThere ? 'locate_again' : 'locate';
}
