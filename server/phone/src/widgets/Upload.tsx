/** A photo (scaled down), a recording or another file, stored on the phone before the answer names it. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { asFileRef } from '../fileref.ts';
import type { FileRef, QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import type { FillingText } from '../texts/filling.ts';
import { t } from '../texts/filling.ts';
import { looksLike, told, useDesk } from './context.ts';
import type { keepChosen } from './keeping.ts';
import { lazily } from './Lazy.tsx';
import { Stored } from './Stored.tsx';

const Recorder = lazily<RecorderProps>(() => import('./Recorder.tsx').then(({ Recorder: found }) => found));

interface RecorderProps {
  view: QuestionView;
  onProblem: (problem: string) => void;
}

type Capture = 'user' | 'environment' | null;
type Media = 'image' | 'audio' | 'video' | 'file';

function mediaOf(view: QuestionView): Media {
  const [kind] = (view.def.media_type ?? '').split('/');
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

const ACCEPT: Readonly<Record<Media, string>> = {
  image: 'image/*',
  audio: 'audio/*',
  video: 'video/*',
  file: '',
};

export function Upload({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const problem = useSignal('');
  const file = asFileRef(view.value.value);
  const media = mediaOf(view);
  // A recorder inside the page, unless the form wants the phone's own.
  const isRecorded = media === 'audio' && view.def.parameters?.['quality'] !== 'external';
  return (
    <div class="clear">
      {file ? <Stored file={file} /> : null}
      {problem.value ? <p class="q-error">{problem.value}</p> : null}
      {isRecorded && !file ? <Recorder view={view} onProblem={text => (problem.value = text)} /> : null}
      <div class="row">
        <Chooser
          view={view}
          media={media}
          isTaken={file !== null}
          onProblem={text => (problem.value = text)}
        />
        {file ? (
          <button class="small-link" type="button" onClick={() => desk.set(view, '')}>
            {t('remove')}
          </button>
        ) : null}
      </div>
    </div>
  );
}

interface ChooserProps {
  view: QuestionView;
  media: Media;
  isTaken: boolean;
  onProblem: (problem: string) => void;
}

function Chooser({ view, media, isTaken, onProblem }: ChooserProps): JSX.Element {
  const desk = useDesk();
  const isWorking = useSignal(false);
  const take = async (chosen: File): Promise<void> => {
    onProblem('');
    isWorking.value = true;
    const maxPixels = Number(view.def.parameters?.['max-pixels'] ?? '') || undefined;
    const kept = await keep(chosen, media === 'image', maxPixels);
    if (typeof kept === 'string') onProblem(kept);
    else desk.set(view, JSON.stringify(kept));
    isWorking.value = false;
  };
  return (
    <FileButton
      about={told(view)}
      accept={ACCEPT[media]}
      capture={captureOf(view)}
      onFile={chosen => void take(chosen)}
    >
      <Icon name={media === 'image' ? 'photo' : 'attach'} />
      {isWorking.value ? t('saving_photo') : t(isTaken ? AGAIN[media] : FIRST[media])}
    </FileButton>
  );
}

/** Store what was chosen, by what is loaded only now that a file is there; or say why not. */
async function keep(...chosen: Parameters<typeof keepChosen>): Promise<FileRef | string> {
  try {
    return await (await import('./keeping.ts')).keepOrSay(...chosen);
  } catch {
    return t('widget_missing');
  }
}

const FIRST: Readonly<Record<Media, FillingText>> = {
  image: 'take_photo',
  audio: 'choose_audio',
  video: 'take_video',
  file: 'choose_file',
};
const AGAIN: Readonly<Record<Media, FillingText>> = {
  image: 'retake',
  audio: 'choose_other',
  video: 'choose_other',
  file: 'choose_other',
};

/** `new` wants it taken now, which the browser can ask the phone's camera for. */
function captureOf(view: QuestionView): Capture {
  if (looksLike(view, 'new-front', 'selfie', 'front')) return 'user';
  return looksLike(view, 'new', 'new-rear') ? 'environment' : null;
}

function FileButton(props: {
  about: ReturnType<typeof told>;
  accept: string;
  capture: Capture;
  onFile: (file: File) => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <label class="button file-button">
      {props.children}
      <input
        {...props.about}
        type="file"
        accept={props.accept}
        {...(props.capture ? { capture: props.capture } : {})}
        onChange={event => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen) props.onFile(chosen);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
