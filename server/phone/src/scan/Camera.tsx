/** The camera's picture with a frame over it; tells each code it sees, once, until it is let go on. */
import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../parts.tsx';
import type { Trouble } from './camera.ts';
import { closeCamera, hasTorch, openCamera, setTorch, troubleOf } from './camera.ts';
import type { Reader } from './reader.ts';
import { ts } from './texts.ts';

const PAUSE_MS = 60; // between two looks, so that a slow phone stays warm in the hand, not hot

interface CameraProps {
  reader: Reader;
  isPaused: boolean;
  onText: (text: string) => Promise<void>;
}

export function Camera(props: CameraProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useSignal<MediaStream | null>(null);
  const trouble = useSignal<Trouble | null>(null);
  const tries = useSignal(0);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => openFor(video.current, stream, trouble), [tries.value]);
  useEffect(() => watch(video.current, latest), []);
  return (
    <div class="scan-camera">
      <video ref={video} class="scan-video" playsInline muted />
      {trouble.value ? (
        <div class="scan-message" role="alert">
          <p>{ts(trouble.value)}</p>
          <Button look="main" onClick={() => (tries.value += 1)}>
            {ts('try_again')}
          </Button>
        </div>
      ) : (
        <>
          <div class="scan-frame" />
          <p class="scan-hint">{ts(stream.value ? 'scan_hint' : 'camera_starting')}</p>
          {stream.value && hasTorch(stream.value) ? <Torch stream={stream.value} /> : null}
        </>
      )}
    </div>
  );
}

function Torch({ stream }: { stream: MediaStream }): JSX.Element {
  const isOn = useSignal(false);
  const turn = async (): Promise<void> => {
    await setTorch(stream, !isOn.value);
    isOn.value = !isOn.value;
  };
  return (
    <button class="scan-torch" type="button" aria-pressed={isOn.value} onClick={() => void turn()}>
      {ts(isOn.value ? 'torch_off' : 'torch_on')}
    </button>
  );
}

/** Open the camera for as long as the page is seen: in the background it would only use the battery. */
function openFor(
  video: HTMLVideoElement | null,
  stream: Signal<MediaStream | null>,
  trouble: Signal<Trouble | null>,
): () => void {
  let isLeft = false;
  const open = async (): Promise<void> => {
    trouble.value = null;
    try {
      const opened = await openCamera();
      if (isLeft || video === null) {
        closeCamera(opened);
        return;
      }
      stream.value = opened;
      video.srcObject = opened;
      await video.play();
    } catch (error) {
      if (!isLeft) trouble.value = troubleOf(error);
    }
  };
  const close = (): void => {
    const opened = stream.peek();
    if (opened) closeCamera(opened);
    stream.value = null;
  };
  const seen = (): void => {
    if (document.hidden) close();
    else if (stream.peek() === null) void open();
  };
  document.addEventListener('visibilitychange', seen);
  void open();
  return () => {
    isLeft = true;
    document.removeEventListener('visibilitychange', seen);
    close();
  };
}

/** Look at one frame after the other, never at two at once. */
function watch(video: HTMLVideoElement | null, latest: { current: CameraProps }): () => void {
  let isLeft = false;
  const look = async (): Promise<void> => {
    const { reader, isPaused, onText } = latest.current;
    if (isPaused || video === null || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const text = await reader.readFrame(video).catch(() => null);
    if (text !== null && !isLeft && !latest.current.isPaused) await onText(text);
  };
  const go = async (): Promise<void> => {
    while (!isLeft) {
      await look();
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  };
  void go();
  return () => {
    isLeft = true;
  };
}
