/** One badge after another: each is proven on this phone, taken, and named; a double says when it came first. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ownRing, readCode } from '../codes.ts';
import type { Owner, Spot } from '../events.ts';
import { correctedNow, presentAt, takeBadge } from '../events.ts';
import { findCard } from '../scan.ts';
import { Camera } from '../scan/Camera.tsx';
import { Reader } from '../scan/reader.ts';
import '../scan/scan.css';
import { signalScan } from '../scan/signal.ts';
import { ts } from '../scan/texts.ts';
import { shortTime } from '../days.ts';
import { t } from '../texts.ts';

const SHOWN_MS = 900; // then the next badge may come
const HELD_MS = 2500; // a badge that stays before the camera comes once, not again and again

interface Said {
  isGood: boolean;
  text: string;
}

export function Badges({ spot }: { spot: Spot }): JSX.Element {
  const said = useSignal<Said | null>(null);
  const isPaused = useSignal(false);
  const reader = useRef<Reader | null>(null);
  reader.current ??= new Reader();
  useEffect(() => () => reader.current?.close(), []);
  const seen = useRef({ text: '', at_ms: 0 });
  const take = async (text: string): Promise<void> => {
    const isHeld = seen.current.text === text && Date.now() - seen.current.at_ms < HELD_MS;
    seen.current = { text, at_ms: Date.now() };
    if (isHeld) return;
    isPaused.value = true;
    said.value = await takeText(spot, text);
    signalScan(said.value.isGood);
    setTimeout(() => (isPaused.value = false), SHOWN_MS);
  };
  return (
    <div class="scan">
      <Camera reader={reader.current} isPaused={isPaused.value} onText={take} />
      <p class={`event-said tone-${said.value?.isGood === false ? 'bad' : 'good'}`} role="status">
        {said.value?.text ?? ''}
      </p>
      <p class="event-count">{t('here_n', { n: presentAt(spot).size })}</p>
    </div>
  );
}

/** Prove the badge with the town's keys; the one that counts is the card's id, whatever its printer's address. */
async function takeText(spot: Spot, text: string): Promise<Said> {
  const reading = await readCode(fragmentOf(text), 'badge', await ownRing(), correctedNow().getTime());
  if (!reading.ok) return { isGood: false, text: ts(reading.why) };
  const taken = await takeBadge(spot, reading.token.card_id, await ownerOf(reading.token.card_id));
  if (taken.state === 'no_form') return { isGood: false, text: t('check_in_no_form') };
  const name = taken.name || t('badge_not_expected');
  if (taken.state === 'taken') return { isGood: true, text: t('taken', { name }) };
  return { isGood: false, text: t('taken_double', { name, time: shortTime(taken.at) }) };
}

async function ownerOf(cardId: string): Promise<Owner | null> {
  const found = await findCard('badge', cardId);
  if (found === null) return null;
  const name = found.row['name'] ?? '';
  return { attendee_id: `${found.list}:${name}`, name: found.row['label'] ?? name };
}

const fragmentOf = (text: string): string => text.slice(text.indexOf('#') + 1);
