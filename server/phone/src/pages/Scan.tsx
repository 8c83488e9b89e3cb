/** Scan: the camera in one large frame, a picture or a typed number instead, and what the code was, large. */
import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { correctedNow, takeWall } from '../events.ts';
import { Button, Cell, Screen, Section, Sheet } from '../parts.tsx';
import { go, to } from '../route.ts';
import type { Match, Scanned } from '../scan.ts';
import { decide, findTyped, isWholeCode } from '../scan.ts';
import { Camera } from '../scan/Camera.tsx';
import { Reader } from '../scan/reader.ts';
import { isGood, Result } from '../scan/Result.tsx';
import '../scan/scan.css';
import { signalScan } from '../scan/signal.ts';
import type { ScanText } from '../scan/texts.ts';
import { ts } from '../scan/texts.ts';

const DOOR_SHOWN_MS = 900; // long enough to see the green before the household opens

export function Scan(): JSX.Element {
  const result = useSignal<Scanned | null>(null);
  const trouble = useSignal<ScanText | null>(null);
  const isTyping = useSignal(false);
  const reader = useRef<Reader | null>(null);
  reader.current ??= new Reader();
  useEffect(() => () => reader.current?.close(), []);

  const take = async (text: string): Promise<void> => {
    performance.mark('decoded');
    const scanned = await settle(await decide(text, correctedNow().getTime()));
    trouble.value = null;
    isTyping.value = false;
    result.value = scanned;
    signalScan(isGood(scanned));
    follow(scanned);
    requestAnimationFrame(() => performance.measure('decided', 'decoded'));
  };
  const choose = async (file: File | undefined): Promise<void> => {
    if (file) await takePicture(reader.current, file, take, trouble);
  };
  return (
    <Screen title={ts('scan_title')}>
      <div class="scan">
        <Camera reader={reader.current} isPaused={result.value !== null || isTyping.value} onText={take} />
        {trouble.value ? (
          <p class="scan-trouble" role="alert">
            {ts(trouble.value)}
          </p>
        ) : null}
        <div class="scan-other">
          <label class="button">
            {ts('choose_picture')}
            <input
              class="scan-file"
              type="file"
              accept="image/*"
              onChange={event => void choose(event.currentTarget.files?.[0])}
            />
          </label>
          <Button onClick={() => (isTyping.value = true)}>{ts('type_number')}</Button>
        </div>
      </div>
      {result.value ? <Result scanned={result.value} onNext={() => (result.value = null)} /> : null}
      {isTyping.value ? <Typing onClose={() => (isTyping.value = false)} onText={take} /> : null}
    </Screen>
  );
}

/** An event's code that was seen without a network is kept for the organiser to confirm. */
async function settle(scanned: Scanned): Promise<Scanned> {
  if (scanned.kind !== 'wall') return scanned;
  return { kind: (await takeWall(scanned.code)) ? 'wall_kept' : 'not_ours' };
}

/** A door opens by itself, a page of this server too; a badge stays until the next one. */
function follow(scanned: Scanned): void {
  if (scanned.kind === 'page') location.assign(scanned.address);
  if (scanned.kind !== 'card' || scanned.purpose !== 'door') return;
  const here = location.hash;
  const name = scanned.row['name'] ?? '';
  setTimeout(() => {
    if (location.hash === here) go('find', scanned.list, name);
  }, DOOR_SHOWN_MS);
}

async function takePicture(
  reader: Reader | null,
  file: File,
  take: (text: string) => Promise<void>,
  trouble: Signal<ScanText | null>,
): Promise<void> {
  try {
    const text = (await reader?.readPicture(file)) ?? null;
    if (text !== null) {
      await take(text);
      return;
    }
    trouble.value = 'picture_without_code';
  } catch {
    trouble.value = 'picture_unreadable';
  }
  signalScan(false);
}

function Typing(props: { onClose: () => void; onText: (text: string) => Promise<void> }): JSX.Element {
  const text = useSignal('');
  const found = useSignal<Match[] | null>(null);
  const look = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isWholeCode(text.value.trim())) return props.onText(text.value.trim());
    found.value = await findTyped(text.value);
  };
  return (
    <Sheet title={ts('type_number')} onClose={props.onClose}>
      <form class="form" onSubmit={event => void look(event)}>
        <label>
          <span>{ts('card_number')}</span>
          <input
            class="input"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            value={text.value}
            onInput={event => (text.value = event.currentTarget.value)}
          />
        </label>
        {found.value?.length === 0 ? (
          <p class="q-error" role="alert">
            {ts('number_unknown')}
          </p>
        ) : null}
        <Button look="main" type="submit">
          {ts('look_up')}
        </Button>
      </form>
      <Found matches={found.value ?? []} />
    </Sheet>
  );
}

function Found({ matches }: { matches: Match[] }): JSX.Element | null {
  if (matches.length === 0) return null;
  return (
    <Section>
      {matches.map(({ list, row }) => (
        <Cell
          key={`${list} ${row['name'] ?? ''}`}
          title={row['label'] || row['name']}
          note={row['hh_no'] || row['place']}
          href={to('find', list, row['name'] ?? '')}
        />
      ))}
    </Section>
  );
}
