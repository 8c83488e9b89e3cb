/** One question with everything around it: label, hint, reason, the office's comment, the widget, what is wrong. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { Rich } from '../parts.tsx';
import { t } from '../texts.ts';
import { Acknowledge } from './Acknowledge.tsx';
import { idOf, useDesk } from './context.ts';
import { DateTime } from './DateTime.tsx';
import { Geopoint } from './Geopoint.tsx';
import { Range } from './Range.tsx';
import { Rank } from './Rank.tsx';
import { SelectMultiple, SelectOne } from './Select.tsx';
import { shownValue } from './shown.ts';
import { Signature } from './Signature.tsx';
import { Text } from './Text.tsx';
import { Picture, Upload } from './Upload.tsx';
import { asFileRef } from '../files.ts';

const AFTER_TAP_MS = 250;
const DRAWN = ['signature', 'draw', 'annotate'];

function Widget({ view }: { view: QuestionView }): JSX.Element {
  const { control, type, appearance } = view.def;
  if (control === 'select_one') return <SelectOne view={view} />;
  if (control === 'select_multiple') return <SelectMultiple view={view} />;
  if (control === 'rank') return <Rank view={view} />;
  if (control === 'trigger') return <Acknowledge view={view} />;
  if (control === 'range') return <Range view={view} />;
  if (control === 'upload') {
    return appearance.some(look => DRAWN.includes(look)) ? <Signature view={view} /> : <Upload view={view} />;
  }
  if (type === 'int') return <Text view={view} mode="numeric" />;
  if (type === 'decimal') return <Text view={view} mode="decimal" />;
  if (type === 'date' || type === 'time' || type === 'dateTime') return <DateTime view={view} />;
  if (type === 'geopoint') return <Geopoint view={view} />;
  if (appearance.includes('numbers')) return <Text view={view} mode="tel" />;
  return <Text view={view} isLong={appearance.includes('multiline') || type.startsWith('geo')} />;
}

/** An answer that only the form decides; a note is one without an answer. */
function Shown({ view }: { view: QuestionView }): JSX.Element | null {
  const { lists } = useDesk();
  const file = view.def.control === 'upload' ? asFileRef(view.value.value) : null;
  if (file) return <Picture sha256={file.sha256} name={file.name} />;
  const text = shownValue(view, lists);
  return text === '' ? null : <p class="q-shown">{text}</p>;
}

export function Question({ view }: { view: QuestionView }): JSX.Element | null {
  // What was wrong before the person began to type stays in sight; a new error waits until the field is left.
  const isTyping = useSignal(false);
  const wasWrong = useSignal(false);
  const { isAsked } = useDesk();
  if (!view.relevant.value || view.def.control === '') return null;
  const isShownOnly = view.readOnly.value;
  const isNote = isShownOnly && view.value.value === '' && view.def.control === 'input';
  const isQuiet = isShownOnly || (isTyping.value && !wasWrong.value);
  const error = isQuiet ? '' : view.error.value || missing(view, isAsked.value);
  const begin = (event: FocusEvent): void => {
    wasWrong.value = view.error.peek() !== '';
    isTyping.value = isTyped(event.target);
  };
  // Not at once: a message that appears under the finger would move away what is being tapped.
  const end = (): void => void setTimeout(() => (isTyping.value = false), AFTER_TAP_MS);
  return (
    <div
      class={`q${error ? ' is-wrong' : ''}${isNote ? ' is-note' : ''}`}
      id={`${idOf(view.path)}-box`}
      onFocusIn={begin}
      onFocusOut={end}
    >
      <Head view={view} />
      {isShownOnly ? <Shown view={view} /> : <Widget view={view} />}
      {error ? (
        <p class="q-error" role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** Choices are whole answers at once; only what is typed passes through wrong states. */
function isTyped(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type === 'text';
}

function missing(view: QuestionView, isAsked: boolean): string {
  return isAsked && view.required.value && view.value.value === '' ? t('required_missing') : '';
}

function Head({ view }: { view: QuestionView }): JSX.Element {
  const { comments } = useDesk();
  const comment = comments[view.path];
  return (
    <>
      <label class="q-label" for={idOf(view.path)}>
        <Rich text={view.label.value} />
        {view.required.value && !view.readOnly.value ? (
          <span class="q-must" aria-label={t('required')}>
            *
          </span>
        ) : null}
      </label>
      {view.hint.value ? (
        <p class="q-hint">
          <Rich text={view.hint.value} />
        </p>
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
