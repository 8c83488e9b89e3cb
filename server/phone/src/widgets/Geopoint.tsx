/** A position: asked for by a tap, improving until it is good enough, and never without the form's reason. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import { idOf, useDesk } from './context.ts';
import { asText, shownPosition } from './places.ts';

const GOOD_ENOUGH_M = 15;
const LONGEST_MS = 30_000;

export function Geopoint({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const problem = useSignal<TextKey | null>(null);
  const isRunning = useSignal(false);
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);

  const locate = (): void => {
    problem.value = null;
    isRunning.value = true;
    const watch = navigator.geolocation.watchPosition(
      position => {
        desk.set(view, asText(position));
        if (position.coords.accuracy <= GOOD_ENOUGH_M) stop.current();
      },
      error => {
        problem.value = error.code === error.PERMISSION_DENIED ? 'locate_denied' : 'locate_failed';
        stop.current();
      },
      { enableHighAccuracy: true, timeout: LONGEST_MS, maximumAge: 0 },
    );
    const timer = setTimeout(() => stop.current(), LONGEST_MS);
    stop.current = () => {
      clearTimeout(timer);
      navigator.geolocation.clearWatch(watch);
      isRunning.value = false;
    };
  };

  const value = view.value.value;
  return (
    <div id={idOf(view.path)}>
      {value !== '' ? <p class="q-shown">{shownPosition(value)}</p> : null}
      {problem.value ? <p class="q-error">{t(problem.value)}</p> : null}
      <div class="row">
        <button class="button" type="button" onClick={isRunning.value ? () => stop.current() : locate}>
          <Icon name="place" />
          {isRunning.value
            ? t(value === '' ? 'locating' : 'stop_locating')
            : t(value === '' ? 'locate' : 'locate_again')}
        </button>
        {value !== '' && !isRunning.value ? (
          <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
            {t('optional_clear')}
          </button>
        ) : null}
      </div>
    </div>
  );
}
