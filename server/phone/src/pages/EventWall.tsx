/** The rotating code on the organiser's own phone, made here: it needs no network, only a clock that was corrected. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { Spot } from '../events.ts';
import { correctedNow, presentAt, SLOT_MS, wallCode } from '../events.ts';
import { Sheet } from '../parts.tsx';
import { progress } from '../state.ts';
import { t } from '../texts.ts';
import type { EventChange } from '../wire.ts';

const STALE_MS = 3 * 86_400_000;

export function EventWall(props: { event: EventChange; spot: Spot; onClose: () => void }): JSX.Element {
  const picture = useSignal('');
  useSignalEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const draw = async (): Promise<void> => {
      const at = correctedNow();
      const code = await wallCode(props.event.wall_key, props.spot, at);
      const { renderSVG } = await import('uqr');
      const svg = renderSVG(`${location.origin}/e#${code}`, { border: 2 });
      if (isOver) return;
      picture.value = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      timer = setTimeout(() => void draw(), SLOT_MS - (at.getTime() % SLOT_MS) + 20);
    };
    void draw();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  });
  const due = props.event.roster.filter(entry => entry.state !== 'walk_in').length;
  const isStale = Math.abs(Date.now() - Date.parse(progress.value.synced_at)) > STALE_MS;
  return (
    <Sheet title={props.event.name} onClose={props.onClose} tall>
      <div class="event-wall">
        {picture.value === '' ? null : <img src={picture.value} alt={t('show_code')} />}
        <p>{t('wall_hint')}</p>
        <b>{t('present_of', { n: presentAt(props.spot).size, due })}</b>
        <small>{t('wall_changes')}</small>
        {isStale ? <small class="tone-bad">{t('wall_clock')}</small> : null}
      </div>
    </Sheet>
  );
}
