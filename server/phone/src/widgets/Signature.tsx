/** A signature drawn with a finger, kept as a PNG when it is confirmed. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { asFileRef, keepFile, toBlob } from '../files.ts';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts.ts';
import { idOf, useDesk } from './context.ts';
import { Picture, textOf } from './Upload.tsx';

export function Signature({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const file = asFileRef(view.value.value);
  if (file === null) return <Pad view={view} />;
  return (
    <div id={idOf(view.path)}>
      <Picture sha256={file.sha256} name={file.name} />
      <button class="button" type="button" onClick={() => desk.set(view, '')}>
        {t('sign_again')}
      </button>
    </div>
  );
}

function Pad({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDrawn = useSignal(false);
  const problem = useSignal('');
  useEffect(
    () => (canvas.current ? startDrawing(canvas.current, () => (isDrawn.value = true)) : undefined),
    [],
  );

  const clear = (): void => {
    const pad = canvas.current;
    pad?.getContext('2d')?.clearRect(0, 0, pad.width, pad.height);
    isDrawn.value = false;
  };
  const use = async (): Promise<void> => {
    const blob = canvas.current ? await toBlob(canvas.current, 'image/png') : null;
    if (blob === null) return;
    try {
      const kept = await keepFile(await blob.arrayBuffer(), 'image/png', `${view.def.name}.png`);
      desk.set(view, JSON.stringify(kept));
    } catch (error) {
      problem.value = textOf(error);
    }
  };

  return (
    <div id={idOf(view.path)}>
      <p class="q-hint">{t('sign_here')}</p>
      <canvas ref={canvas} class="pad" />
      {problem.value ? <p class="q-error">{problem.value}</p> : null}
      {isDrawn.value ? (
        <div class="row">
          <button class="button" type="button" onClick={clear}>
            {t('sign_again')}
          </button>
          <button class="button look-main" type="button" onClick={() => void use()}>
            {t('use_signature')}
          </button>
        </div>
      ) : null}
    </div>
  );
}

/** Draw with any pointer on a canvas as fine as the screen; returns how to stop. */
function startDrawing(pad: HTMLCanvasElement, onDrawn: () => void): () => void {
  const scale = Math.min(2, devicePixelRatio);
  pad.width = pad.clientWidth * scale;
  pad.height = pad.clientHeight * scale;
  const pen = pad.getContext('2d');
  if (!pen) return () => undefined;
  pen.lineWidth = 3 * scale;
  pen.lineCap = pen.lineJoin = 'round';
  pen.strokeStyle = '#111';
  const at = (event: PointerEvent): [number, number] => [event.offsetX * scale, event.offsetY * scale];
  const down = (event: PointerEvent): void => {
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  };
  const move = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    pen.lineTo(...at(event));
    pen.stroke();
    onDrawn();
  };
  pad.addEventListener('pointerdown', down);
  pad.addEventListener('pointermove', move);
  return () => {
    pad.removeEventListener('pointerdown', down);
    pad.removeEventListener('pointermove', move);
  };
}
