/** Pictures, sounds and films that a form shows beside its questions and choices. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { View } from '../filling/types.ts';
import { firstLine } from '../markup.ts';
import { Icon, Sheet } from '../parts.tsx';
import { t } from '../texts/rare.ts';
import { useDesk } from './context.ts';
import { useBlobUrl } from './Stored.tsx';

type Files = Readonly<Record<string, string>>;

export function LabelMedia({ view }: { view: View }): JSX.Element | null {
  const { filling } = useDesk();
  const { media } = view.def;
  if (media === undefined) return null;
  const files = media[filling.language.value] ?? Object.values(media)[0] ?? {};
  return <Shown files={files} words={firstLine(view.label.value)} />;
}

function Shown({ files, words }: { files: Files; words: string }): JSX.Element {
  const { image, audio, video, 'big-image': big } = files;
  return (
    <div class="q-media">
      {image || big ? <Picture small={image ?? big ?? ''} big={big ?? image ?? ''} words={words} /> : null}
      {audio ? <Player kind="audio" name={audio} words={words} /> : null}
      {video ? <Player kind="video" name={video} words={words} /> : null}
    </div>
  );
}

/** A tap shows it as large as the screen is. */
function Picture({ small, big, words }: { small: string; big: string; words: string }): JSX.Element {
  const { media } = useDesk();
  const isLarge = useSignal(false);
  const url = media.get(small);
  if (url === undefined) return <Missing name={small} />;
  return (
    <>
      <button
        class="q-picture"
        type="button"
        aria-label={t('enlarge')}
        onClick={() => (isLarge.value = true)}
      >
        <img src={url} alt={words} loading="lazy" />
      </button>
      {isLarge.value ? (
        <Sheet title={words} onClose={() => (isLarge.value = false)} tall>
          <img class="q-large" src={media.get(big) ?? url} alt={words} />
        </Sheet>
      ) : null}
    </>
  );
}

/** Played from memory: a media element asks for parts of a file, which a cache can't give on every phone. */
function Player({
  kind,
  name,
  words,
}: {
  kind: 'audio' | 'video';
  name: string;
  words: string;
}): JSX.Element {
  const { media } = useDesk();
  const address = media.get(name) ?? '';
  const url = useBlobUrl(() => blobAt(address), address);
  if (address === '') return <Missing name={name} />;
  if (kind === 'audio') return <audio class="sound" src={url} controls aria-label={words} />;
  return <video class="picture" src={url} controls playsInline aria-label={words} />;
}

async function blobAt(address: string): Promise<Blob | null> {
  if (address === '') return null;
  try {
    const response = await fetch(address);
    return response.ok ? await response.blob() : null;
  } catch {
    return null;
  }
}

function Missing({ name }: { name: string }): JSX.Element {
  return <span class="q-missing">{t('media_missing', { name })}</span>;
}

/** In a choice a picture is part of what is tapped, and a sound is a button beside the words. */
export function ChoiceMedia({ files, words }: { files: Files; words: string }): JSX.Element {
  const { media } = useDesk();
  const image = files['image'] ?? files['big-image'];
  const url = image === undefined ? undefined : media.get(image);
  return (
    <>
      {url ? <img class="choice-image" src={url} alt={words} loading="lazy" /> : null}
      {image !== undefined && !url ? <Missing name={image} /> : null}
      {files['audio'] ? <PlayButton name={files['audio']} /> : null}
      {files['video'] ? <Player kind="video" name={files['video']} words={words} /> : null}
    </>
  );
}

function PlayButton({ name }: { name: string }): JSX.Element {
  const { media } = useDesk();
  const address = media.get(name);
  if (address === undefined) return <Missing name={name} />;
  const play = async (event: MouseEvent): Promise<void> => {
    // To listen is not to choose.
    event.preventDefault();
    const blob = await blobAt(address);
    if (blob === null) return;
    const sound = new Audio(URL.createObjectURL(blob));
    sound.onended = () => URL.revokeObjectURL(sound.src);
    await sound.play();
  };
  return (
    <button class="round" type="button" aria-label={t('listen')} onClick={event => void play(event)}>
      <Icon name="play" />
    </button>
  );
}
