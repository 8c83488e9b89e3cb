/** A sound recorded inside the page, kept when it is stopped, also by leaving the page. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keepFile, MAX_FILE_BYTES } from '../files.ts';
import type { QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import type { RareText } from '../texts/rare.ts';
import { t } from '../texts/rare.ts';
import { useDesk } from './context.ts';
import { troubleText } from './keeping.ts';
import { stayAwake } from './wake.ts';

const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
/** Bits a second; speech is understood at the lowest. */
const RATES: Readonly<Record<string, number>> = { 'voice-only': 12_000, low: 24_000, normal: 48_000 };
const PIECE_MS = 1000;

interface Props {
  view: QuestionView;
  onProblem: (problem: string) => void;
}

export function Recorder({ view, onProblem }: Props): JSX.Element | null {
  const desk = useDesk();
  const seconds = useSignal(0);
  const isKeeping = useSignal(false);
  const recording = useSignal<Recording | null>(null);
  const latest = useRef<Recording | null>(null);
  useEffect(() => () => latest.current?.stop(), []);
  if (typeof MediaRecorder === 'undefined' || !('mediaDevices' in navigator)) return null;

  const keep = async (sound: Blob): Promise<void> => {
    recording.value = latest.current = null;
    if (sound.size === 0) return;
    isKeeping.value = true;
    try {
      const type = sound.type.split(';')[0] ?? '';
      const name = `${view.def.name}.${type === 'audio/mp4' ? 'm4a' : (type.split('/')[1] ?? 'webm')}`;
      desk.set(view, JSON.stringify(await keepFile(await sound.arrayBuffer(), type, name)));
    } catch (error) {
      onProblem(troubleText(error));
    }
    isKeeping.value = false;
  };
  const start = async (): Promise<void> => {
    onProblem('');
    seconds.value = 0;
    try {
      const rate = RATES[view.def.parameters?.['quality'] ?? 'normal'] ?? 48_000;
      latest.current = await record(rate, {
        onSecond: () => (seconds.value += 1),
        onEnd: sound => void keep(sound),
      });
      recording.value = latest.current;
    } catch (error) {
      onProblem(t(troubleOf(error)));
    }
  };
  if (recording.value) {
    return (
      <div class="recording" role="status">
        <span class="recording-dot" />
        <span class="recording-time">{clock(seconds.value)}</span>
        <button class="button look-main" type="button" onClick={() => recording.value?.stop()}>
          {t('stop_recording')}
        </button>
      </div>
    );
  }
  return (
    <button class="button" type="button" disabled={isKeeping.value} onClick={() => void start()}>
      <Icon name="mic" />
      {t(isKeeping.value ? 'saving_photo' : 'start_recording')}
    </button>
  );
}

interface Recording {
  stop: () => void;
}

interface Heard {
  onSecond: () => void;
  onEnd: (sound: Blob) => void;
}

/** Record until it is stopped, or as long as a file may be. */
async function record(rate: number, { onSecond, onEnd }: Heard): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = KINDS.find(kind => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: rate, ...(mimeType ? { mimeType } : {}) });
  const pieces: Blob[] = [];
  const sleep = stayAwake();
  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  recorder.ondataavailable = ({ data }) => {
    pieces.push(data);
    onSecond();
    if (pieces.reduce((sum, piece) => sum + piece.size, 0) > MAX_FILE_BYTES * 0.98) stop();
  };
  recorder.onstop = () => {
    stream.getTracks().forEach(track => track.stop());
    sleep();
    onEnd(new Blob(pieces, { type: recorder.mimeType }));
  };
  recorder.start(PIECE_MS);
  return { stop };
}

function troubleOf(error: unknown): RareText {
  const name = error instanceof DOMException ? error.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'microphone_refused' : 'microphone_missing';
}

function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
