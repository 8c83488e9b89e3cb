/** A signature or a sketch drawn with a finger, kept as a PNG when it is confirmed, and also when the page is left. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keepFile, toBlob } from '../files.ts';
import { asFileRef } from '../fileref.ts';
import type { FileRef, QuestionView } from '../filling/types.ts';
import { t } from '../texts/rare.ts';
import { begun } from './begun.ts';
import { labelId, looksLike, told, useDesk } from './context.ts';
import { troubleText } from './keeping.ts';
import { Sheet } from './sheet.ts';
import { Stored } from './Stored.tsx';

const COLOURS = ['#111111', '#c62828', '#0a4f9e', '#057a43'];

export function Draw({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const file = asFileRef(view.value.value);
  if (file === null) return <Pad view={view} />;
  return (
    <div class="clear">
      <Stored file={file} />
      <button class="button" type="button" id={told(view).id} onClick={() => desk.set(view, '')}>
        {t(looksLike(view, 'signature') ? 'sign_again' : 'draw_again')}
      </button>
    </div>
  );
}

function Pad({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const canvas = useRef<HTMLCanvasElement>(null);
  const sheet = useRef<Sheet | null>(null);
  const nStrokes = useSignal(0);
  const colour = useSignal(COLOURS[0] ?? '');
  const problem = useSignal('');
  const isSignature = looksLike(view, 'signature');
  const keep = async (): Promise<void> => {
    try {
      const kept = await keepDrawn(sheet.current, `${view.def.name}.png`);
      if (kept) desk.set(view, JSON.stringify(kept));
    } catch (error) {
      problem.value = troubleText(error);
    }
  };
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const made = new Sheet(canvas.current, n => (nStrokes.value = n));
    sheet.current = made;
    begun.add(keep);
    return () => {
      begun.delete(keep);
      made.close();
      // Whoever drew and went on meant it.
      void keep();
    };
  }, []);
  const paint = (next: string): void => {
    colour.value = next;
    if (sheet.current) sheet.current.colour = next;
  };
  return (
    <div class="clear">
      <p class="q-hint">{t(isSignature ? 'sign_here' : 'draw_here')}</p>
      <canvas
        ref={canvas}
        id={told(view).id}
        class={`pad${isSignature ? '' : ' is-tall'}`}
        tabIndex={-1}
        role="img"
        aria-labelledby={labelId(view)}
      />
      {problem.value ? <p class="q-error">{problem.value}</p> : null}
      {isSignature ? null : <Colours chosen={colour.value} onChoose={paint} />}
      {nStrokes.value > 0 ? (
        <div class="row">
          <button class="button" type="button" onClick={() => sheet.current?.undo(isSignature)}>
            {t(isSignature ? 'sign_again' : 'undo')}
          </button>
          <button class="button look-main" type="button" onClick={() => void keep()}>
            {t(isSignature ? 'use_signature' : 'use_drawing')}
          </button>
        </div>
      ) : null}
    </div>
  );
}

async function keepDrawn(sheet: Sheet | null, name: string): Promise<FileRef | null> {
  if (sheet === null || sheet.nStrokes === 0) return null;
  const blob = await toBlob(sheet.canvas, 'image/png');
  return blob && keepFile(await blob.arrayBuffer(), 'image/png', name);
}

function Colours({ chosen, onChoose }: { chosen: string; onChoose: (colour: string) => void }): JSX.Element {
  return (
    <div class="colours">
      {COLOURS.map((colour, at) => (
        <button
          key={colour}
          class="colour"
          type="button"
          style={{ background: colour }}
          aria-label={t('colour_n', { n: at + 1 })}
          aria-pressed={colour === chosen}
          onClick={() => onChoose(colour)}
        />
      ))}
    </div>
  );
}
