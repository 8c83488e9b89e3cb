/** A line or a shape on the ground: its points are added one by one where one stands, or by themselves while walking. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { QuestionView } from '../filling/types.ts';
import type { RareText } from '../texts/rare.ts';
import { t } from '../texts/rare.ts';
import { useDesk } from './context.ts';
import { followPosition, metres } from './locator.ts';
import { PlaceButtons } from './PlaceButtons.tsx';
import { accuracyOf, asText, lineText, metresBetween, placeOf, pointsOf, shownLine } from './places.ts';
import { stayAwake } from './wake.ts';

const ROUGH_M = 50; // a corner that may be farther off is no corner
const STEP_M = 3; // closer points are the phone's own jitter
const INTERVALS_S = [0, 5, 10, 20, 60]; // 0: only by tapping

export function Trace({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const isShape = view.def.type === 'geoshape';
  const points = pointsOf(view.value.value, isShape);
  const keep = (after: readonly string[]): void => desk.set(view, lineText(after, isShape));
  const walk = useWalk(view, point => keep([...pointsOf(view.value.peek(), isShape), point]));
  const clear = (): void => {
    if (confirm(t('trace_clear_sure'))) keep([]);
  };
  const fewest = isShape ? 3 : 2;
  const nMissing = points.length === 0 ? 0 : fewest - points.length;
  return (
    <div class="clear">
      {points.length > 0 ? <p class="q-shown">{shownLine(view.value.value, isShape)}</p> : null}
      {nMissing > 0 && !walk.isOn ? <p class="q-warning">{t('points_missing', { n: nMissing })}</p> : null}
      {walk.problem ? <p class="q-error">{t(walk.problem)}</p> : null}
      {walk.isOn ? <Walking walk={walk} points={points} keep={keep} /> : null}
      <PlaceButtons
        view={view}
        text={walk.isOn ? 'trace_finish' : points.length > 0 ? 'trace_go_on' : 'trace_start'}
        press={walk.isOn ? walk.stop : walk.start}
        clear={points.length > 0 && !walk.isOn ? clear : null}
      />
    </div>
  );
}

interface WalkingProps {
  walk: Walk;
  points: readonly string[];
  keep: (points: readonly string[]) => void;
}

function Walking({ walk, points, keep }: WalkingProps): JSX.Element {
  const accuracy = accuracyOf(walk.here);
  return (
    <>
      <p class={accuracy > walk.roughM ? 'q-warning' : 'q-hint'} role="status">
        {accuracyText(walk)}
      </p>
      <label class="trace-every">
        <span>{t('trace_every')}</span>
        <select
          class="input"
          value={walk.every}
          onChange={event => walk.setEvery(Number(event.currentTarget.value))}
        >
          {INTERVALS_S.map(s => (
            <option key={s} value={s}>
              {s === 0 ? t('trace_by_tapping') : t('trace_seconds', { s })}
            </option>
          ))}
        </select>
      </label>
      <div class="row trace-buttons">
        <button class="button look-main" type="button" disabled={!walk.isGood} onClick={walk.add}>
          {t('add_point')}
        </button>
        <button
          class="button"
          type="button"
          disabled={points.length === 0}
          onClick={() => keep(points.slice(0, -1))}
        >
          {t('undo_point')}
        </button>
      </div>
    </>
  );
}

function accuracyText({ here, isGood, roughM }: Walk): string {
  if (here === '') return t('locating_hint');
  const m = Math.round(accuracyOf(here));
  return isGood ? t('accuracy_now', { m }) : t('accuracy_poor', { m, rough: roughM });
}

interface Walk {
  readonly isOn: boolean;
  readonly here: string;
  readonly isGood: boolean;
  readonly roughM: number;
  readonly every: number;
  readonly problem: RareText | null;
  readonly start: () => void;
  readonly stop: () => void;
  readonly add: () => void;
  readonly setEvery: (seconds: number) => void;
}

/** Follows the position while it is on; a point is added by `add`, or each so many seconds if one has moved on. */
function useWalk(view: QuestionView, onPoint: (point: string) => void): Walk {
  const here = useSignal('');
  const isOn = useSignal(false);
  const every = useSignal(0);
  const problem = useSignal<RareText | null>(null);
  const ends = useRef<(() => void)[]>([]);
  const roughM = metres(view.def.parameters?.['unacceptableAccuracyThreshold'], ROUGH_M);
  const isGood = (): boolean => here.peek() !== '' && accuracyOf(here.peek()) <= roughM;
  const stop = (): void => {
    ends.current.splice(0).forEach(end => end());
    isOn.value = false;
    here.value = '';
  };
  const start = (): void => {
    problem.value = null;
    isOn.value = true;
    ends.current.push(
      stayAwake(),
      followPosition({
        onPosition: position => {
          problem.value = null;
          here.value = asText(position);
        },
        onTrouble: (why, isFinal) => {
          problem.value = why;
          here.value = '';
          if (isFinal) stop();
        },
      }),
    );
  };
  const add = (): void => {
    if (isGood()) onPoint(here.peek());
  };
  const addIfMoved = (): void => {
    const isShape = view.def.type === 'geoshape';
    const last = pointsOf(view.value.peek(), isShape).pop();
    if (last === undefined || metresBetween(placeOf(last), placeOf(here.peek())) >= STEP_M) add();
  };
  useEffect(() => {
    if (!isOn.value || every.value === 0) return undefined;
    const timer = setInterval(addIfMoved, every.value * 1000);
    return () => clearInterval(timer);
  }, [isOn.value, every.value]);
  useEffect(() => stop, []);
  return {
    isOn: isOn.value,
    here: here.value,
    isGood: here.value !== '' && accuracyOf(here.value) <= roughM,
    roughM,
    every: every.value,
    problem: problem.value,
    start,
    stop,
    add,
    setEvery: seconds => (every.value = seconds),
  };
}
