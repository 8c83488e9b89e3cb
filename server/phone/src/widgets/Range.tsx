/** A number from a scale: a slider with steps on both sides, stars, or a list; unset until it is touched. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts/rare.ts';
import { looksLike, told, useDesk } from './context.ts';
import type { Scale } from './scale.ts';
import { isRating, nValues, scaleOf } from './scale.ts';

const MOST_TICKS = 21; // more run into each other
const MOST_SIGNS = 24; // of the numbers below a scale on a narrow phone
const STRIDES = [1, 2, 5, 10];
const MOST_PICKED = 200;

const valuesOf = ({ start, end, step, digits }: Scale, every = 1): string[] =>
  Array.from({ length: Math.floor(Math.abs((end - start) / (step * every)) + 1e-9) + 1 }, (_, n) =>
    (start + n * step * every).toFixed(digits),
  );

export function Range({ view }: { view: QuestionView }): JSX.Element {
  const scale = scaleOf(view);
  if (isRating(view)) return <Stars view={view} scale={scale} />;
  if (looksLike(view, 'picker') && nValues(scale) <= MOST_PICKED)
    return <Numbers view={view} scale={scale} />;
  return <Slider view={view} scale={scale} />;
}

interface Props {
  view: QuestionView;
  scale: Scale;
}

function Slider({ view, scale }: Props): JSX.Element {
  const desk = useDesk();
  const value = view.value.value;
  const { start, end, step, digits } = scale;
  const [low, high] = [Math.min(start, end), Math.max(start, end)];
  const put = (text: string): void => desk.set(view, Number(text).toFixed(digits));
  const placed = value === '' ? (view.def.parameters?.['placeholder'] ?? String(start)) : value;
  const shift = (by: 1 | -1): void => {
    const next = value === '' ? Number(placed) : Number(value) + by * Math.abs(step);
    put(String(Math.min(high, Math.max(low, next))));
  };
  const isVertical = looksLike(view, 'vertical');
  return (
    <div class={`range${value === '' ? ' is-unset' : ''}${isVertical ? ' is-vertical' : ''}`}>
      <output class="range-value">{value === '' ? t('not_chosen') : value}</output>
      <div class="range-row">
        <button class="round" type="button" aria-label={t('less')} onClick={() => shift(-1)}>
          −
        </button>
        <div class="range-scale">
          <input
            {...told(view)}
            type="range"
            min={low}
            max={high}
            step={Math.abs(step)}
            value={placed}
            {...(isVertical ? { orient: 'vertical' } : {})}
            onInput={event => put(event.currentTarget.value)}
            onClick={event => put(event.currentTarget.value)}
          />
          <Ticks view={view} scale={scale} />
        </div>
        <button class="round" type="button" aria-label={t('more')} onClick={() => shift(1)}>
          +
        </button>
      </div>
    </div>
  );
}

/** Labels of the form where it gives them, else numbers; at both ends only where every value would be too many. */
function Ticks({ view, scale }: Props): JSX.Element {
  const { filling } = useDesk();
  const { 'tick-interval': interval, 'tick-labelset': list } = view.def.parameters ?? {};
  const every = interval === undefined ? 1 : Math.max(1, Math.round(Number(interval) / Math.abs(scale.step)));
  const all = valuesOf(scale, every);
  const isFew = all.length <= MOST_TICKS && !looksLike(view, 'no-ticks');
  const ticks = isFew ? all : [all[0] ?? '', scale.end.toFixed(scale.digits)];
  const rows = new Map((filling.module.choices[list ?? ''] ?? []).map(row => [Number(row.name), row.label]));
  const words = (tick: string): string => {
    const label = rows.get(Number(tick))?.[filling.language.value];
    return typeof label === 'string' ? label : rows.size > 0 ? '' : tick;
  };
  const stride = rows.size > 0 ? 1 : strideOf(ticks);
  return (
    <div class={`ticks${rows.size === 0 ? ' is-numbers' : ''}`} aria-hidden="true">
      {ticks.map((tick, at) => (
        <span key={tick}>{at % stride === 0 ? words(tick) : ''}</span>
      ))}
    </div>
  );
}

/** Each how many ticks a number has room. */
const strideOf = (ticks: readonly string[]): number =>
  STRIDES.find(stride => ticks.filter((_, at) => at % stride === 0).join('').length <= MOST_SIGNS) ??
  ticks.length - 1;

/** One to so many stars; each star is a choice of its own for those who don't see them. */
function Stars({ view, scale }: Props): JSX.Element {
  const desk = useDesk();
  const { id, ...about } = told(view);
  const chosen = view.value.value === '' ? -Infinity : Number(view.value.value);
  return (
    <div class="stars">
      {valuesOf(scale)
        .filter(value => Number(value) !== 0)
        .map((value, at) => (
          <label key={value} class={Number(value) <= chosen ? 'is-lit' : ''}>
            <input
              {...about}
              {...(at === 0 ? { id } : {})}
              type="radio"
              name={id}
              aria-label={t('n_stars', { n: value })}
              checked={Number(value) === chosen}
              onChange={() => desk.set(view, value)}
            />
            <span aria-hidden="true">★</span>
          </label>
        ))}
    </div>
  );
}

function Numbers({ view, scale }: Props): JSX.Element {
  const desk = useDesk();
  return (
    <select
      {...told(view)}
      class="input"
      value={view.value.value}
      onChange={event => desk.set(view, event.currentTarget.value)}
    >
      <option value="">{t('choose')}</option>
      {valuesOf(scale).map(value => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}
