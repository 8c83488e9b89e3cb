/** A file an answer names, as it lies on this phone: shown, played, or by its name. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FileRef } from '../filling/types.ts';
import { t } from '../texts/filling.ts';

/** An address of bytes in memory, given back when it is no longer shown; '' until it is there, and if there is none. */
export function useBlobUrl(load: () => Promise<Blob | null>, key: string): string {
  const url = useSignal('');
  useEffect(() => {
    let made = '';
    let isGone = false;
    void load().then(blob => {
      if (isGone || blob === null) return;
      url.value = made = URL.createObjectURL(blob);
    });
    return () => {
      isGone = true;
      url.value = '';
      if (made !== '') URL.revokeObjectURL(made);
    };
  }, [key]);
  return url.value;
}

async function blobOf({ sha256, type }: FileRef): Promise<Blob | null> {
  if (!/^(?:image|audio|video)\//.test(type)) return null;
  const { readFile } = await import('../files.ts');
  const file = await readFile(sha256);
  return file ? new Blob([file.content], { type: file.type }) : null;
}

export function Stored({ file }: { file: FileRef }): JSX.Element {
  const url = useBlobUrl(() => blobOf(file), file.sha256);
  const name = `${file.name} (${sizeText(file.bytes)})`;
  if (url === '') return <p class="q-shown">{name}</p>;
  if (file.type.startsWith('image/')) return <img class="picture" src={url} alt={t('photo_of')} />;
  if (file.type.startsWith('audio/')) return <audio class="sound" src={url} controls aria-label={name} />;
  return <video class="picture" src={url} controls playsInline aria-label={name} />;
}

function sizeText(bytes: number): string {
  const mebibytes = bytes / 1024 / 1024;
  return mebibytes >= 1 ? `${mebibytes.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}
