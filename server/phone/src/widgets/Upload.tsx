/** A photo (scaled down) or another file, stored on the phone before the answer names it. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { isFull } from '../db.ts';
import { asFileRef, keepFile, MAX_FILE_BYTES, readFile, shrink } from '../files.ts';
import type { QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import { t } from '../texts.ts';
import { idOf, useDesk } from './context.ts';

const isImage = (view: QuestionView): boolean => (view.def.media_type ?? '').startsWith('image');

export function Upload({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const problem = useSignal('');
  const isWorking = useSignal(false);
  const file = asFileRef(view.value.value);

  const take = async (chosen: File): Promise<void> => {
    problem.value = '';
    isWorking.value = true;
    try {
      desk.set(view, JSON.stringify(await keepChosen(view, chosen)));
    } catch (error) {
      problem.value = textOf(error);
    }
    isWorking.value = false;
  };

  return (
    <>
      {file ? <Picture sha256={file.sha256} name={file.name} /> : null}
      {problem.value ? <p class="q-error">{problem.value}</p> : null}
      <div class="row">
        <label class="button file-button">
          <Icon name="photo" />
          {buttonText(view, isWorking.value, file !== null)}
          <input
            id={idOf(view.path)}
            type="file"
            accept={view.def.media_type ?? ''}
            {...(view.def.appearance.includes('new') ? { capture: 'environment' } : {})}
            onChange={event => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen) void take(chosen);
              event.currentTarget.value = '';
            }}
          />
        </label>
        {file ? (
          <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
            {t('remove')}
          </button>
        ) : null}
      </div>
    </>
  );
}

function buttonText(view: QuestionView, isWorking: boolean, isTaken: boolean): string {
  if (isWorking) return t('saving_photo');
  if (!isImage(view)) return t('choose_file');
  return isTaken ? t('retake') : t('take_photo');
}

class TooLarge extends Error {}
class NothingIn extends Error {}

async function keepChosen(view: QuestionView, chosen: File): Promise<unknown> {
  const wanted = Number(view.def.parameters?.['max-pixels'] ?? '') || undefined;
  const picture = isImage(view) ? await shrink(chosen, wanted) : null;
  const content = picture?.content ?? (await chosen.arrayBuffer());
  if (content.byteLength > MAX_FILE_BYTES) throw new TooLarge();
  if (content.byteLength === 0) throw new NothingIn();
  const type = picture?.type ?? (chosen.type === '' ? 'application/octet-stream' : chosen.type);
  const name = type === 'image/jpeg' ? chosen.name.replace(/\.\w+$/, '') + '.jpg' : chosen.name;
  return keepFile(content, type, name);
}

export function textOf(error: unknown): string {
  if (error instanceof TooLarge) return t('file_too_large', { n: MAX_FILE_BYTES / 1024 / 1024 });
  if (error instanceof NothingIn) return t('file_empty');
  return isFull(error) ? t('phone_full') : t('save_failed');
}

/** A stored picture, or the name of a stored file that is none. */
export function Picture({ sha256, name }: { sha256: string; name: string }): JSX.Element {
  const url = useSignal('');
  useEffect(() => {
    let made = '';
    let isGone = false;
    void readFile(sha256).then(file => {
      if (isGone || !file?.type.startsWith('image/')) return;
      made = URL.createObjectURL(new Blob([file.content], { type: file.type }));
      url.value = made;
    });
    return () => {
      isGone = true;
      url.value = '';
      if (made !== '') URL.revokeObjectURL(made);
    };
  }, [sha256]);
  return url.value === '' ? (
    <p class="q-shown">{name}</p>
  ) : (
    <img class="picture" src={url.value} alt={t('photo_of')} />
  );
}
