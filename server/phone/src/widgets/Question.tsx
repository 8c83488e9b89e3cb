/** One question with everything around it: label, hint, reason, the office's comment, the widget, what is wrong. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { asFileRef } from '../fileref.ts';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts/filling.ts';
import { idOf, labelId, looksLike, useDesk } from './context.ts';
import type { Kind } from './kinds.tsx';
import { kindOf } from './kinds.tsx';
import { rarely } from './rarely.ts';
import { Rich } from './Rich.tsx';
import { shownValue } from './shown.ts';
import { Stored } from './Stored.tsx';

const AFTER_TAP_MS = 250;

export const LabelMedia = rarely(rare => rare.LabelMedia);

/** An answer that only the form decides; a note is one without an answer. */
function Shown({ view }: { view: QuestionView }): JSX.Element | null {
  const { lists } = useDesk();
  const text = view.value.value;
  const file = view.def.control === 'upload' ? asFileRef(text) : null;
  if (file) return <Stored file={file} />;
  if (looksLike(view, 'url') && /^https?:\/\//i.test(text)) {
    return (
      <a class="button" href={text} target="_blank" rel="noopener noreferrer">
        {t('open_link')}
      </a>
    );
  }
  const shown = shownValue(view, lists);
  return shown === '' ? null : <p class="q-shown">{shown}</p>;
}

export function Question({ view }: { view: QuestionView }): JSX.Element | null {
  // What was wrong before the person began to type stays in sight; a new error waits until the field is left.
  const isTyping = useSignal(false);
  const wasWrong = useSignal(false);
  const { isAsked } = useDesk();
  if (!view.relevant.value || view.def.control === '') return null;
  const isShownOnly = view.readOnly.value;
  const kind = isShownOnly ? null : kindOf(view);
  const isQuiet = isShownOnly || (isTyping.value && !wasWrong.value);
  const error = isQuiet ? '' : wrong(view, isAsked.value);
  const begin = (event: FocusEvent): void => {
    wasWrong.value = wrong(view, isAsked.peek()) !== '';
    isTyping.value = isTyped(event.target);
  };
  // Not at once: a message that appears under the finger would move away what is being tapped.
  const end = (): void => void setTimeout(() => (isTyping.value = false), AFTER_TAP_MS);
  return (
    <Box
      view={view}
      isMany={kind?.isMany ?? false}
      look={lookOf(view, error, isShownOnly)}
      onFocusIn={begin}
      onFocusOut={end}
    >
      <Head view={view} kind={kind} />
      {kind ? <kind.show view={view} /> : <Shown view={view} />}
      {error ? (
        <p class="q-error" id={`${idOf(view.path)}-error`} role="alert">
          {error}
        </p>
      ) : null}
    </Box>
  );
}

function lookOf(view: QuestionView, error: string, isShownOnly: boolean): string {
  const isNote = isShownOnly && view.value.value === '' && view.def.control === 'input';
  const inTable = looksLike(view, 'label')
    ? ' is-table-head'
    : looksLike(view, 'list-nolabel')
      ? ' is-table-row'
      : '';
  return `q${error ? ' is-wrong' : ''}${isNote ? ' is-note' : ''}${inTable}`;
}

interface BoxProps {
  view: QuestionView;
  isMany: boolean;
  look: string;
  children: ComponentChildren;
  onFocusIn: (event: FocusEvent) => void;
  onFocusOut: () => void;
}

/** What holds a question together; where several fields answer it, for screen readers too. */
function Box({ view, isMany, look, ...rest }: BoxProps): JSX.Element {
  const id = idOf(view.path);
  const shared = { id: `${id}-box`, class: look, tabIndex: -1, ...rest };
  if (!isMany) return <div {...shared} />;
  return (
    <fieldset
      {...shared}
      aria-describedby={`${id}-hint ${id}-error`}
      aria-required={view.required.value}
      aria-invalid={view.error.value !== ''}
    />
  );
}

/** Choices are whole answers at once; only what is typed passes through wrong states. */
function isTyped(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type === 'text';
}

/** What to say of its answer; that it is missing only once that was asked. */
function wrong(view: QuestionView, isAsked: boolean): string {
  return isAsked ? (view.problem.value?.message ?? '') : view.error.value;
}

function Head({ view, kind }: { view: QuestionView; kind: Kind | null }): JSX.Element {
  const { comments } = useDesk();
  const comment = comments[view.path];
  return (
    <>
      <Label view={view} kind={kind} />
      {view.def.media ? <LabelMedia view={view} /> : null}
      {view.hint.value ? (
        <p class="q-hint" id={`${idOf(view.path)}-hint`}>
          <Rich text={view.hint.value} />
        </p>
      ) : null}
      {view.guidance.value ? (
        <details class="q-more">
          <summary>{t('more_guidance')}</summary>
          <p class="q-hint">
            <Rich text={view.guidance.value} />
          </p>
        </details>
      ) : null}
      {view.purpose.value ? (
        <p class="q-why">
          {t('purpose')}
          {view.purpose.value}
        </p>
      ) : null}
      {comment ? (
        <p class="q-comment">
          <b>{t('comment_from_office')}</b>：{comment}
        </p>
      ) : null}
    </>
  );
}

function Label({ view, kind }: { view: QuestionView; kind: Kind | null }): JSX.Element | null {
  const text = view.label.value.trim();
  const isMust = view.required.value && kind !== null;
  if (text === '' && !isMust) return null;
  const must = isMust ? (
    <span class="q-must" aria-label={t('required')}>
      *
    </span>
  ) : null;
  const inside = <Rich text={text} end={must} />;
  const shared = { class: 'q-label', id: labelId(view), children: inside };
  if (kind === null || looksLike(view, 'label')) return <p {...shared} />;
  return kind.isMany ? <legend {...shared} /> : <label {...shared} for={idOf(view.path)} />;
}
