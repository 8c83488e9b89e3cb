/** A line or several of text, a number, a code: typed, safe with input methods, kept as typed. */
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { QuestionView } from '../filling/types.ts';
import { idOf, useDesk } from './context.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;

interface Props {
  view: QuestionView;
  mode?: 'text' | 'numeric' | 'decimal' | 'tel';
  isLong?: boolean;
}

/** The element keeps its own text; a change of the answer from elsewhere is written into it, never while typing. */
function useTyped(view: QuestionView): {
  ref: { current: Field | null };
  onInput: () => void;
  onCompositionStart: () => void;
  onCompositionEnd: () => void;
} {
  const desk = useDesk();
  const ref = useRef<Field>(null);
  const isComposing = useRef(false);
  useSignalEffect(() => {
    const text = view.value.value;
    const field = ref.current;
    if (field && !isComposing.current && field.value !== text && typed(field) !== text) field.value = text;
  });
  const keep = (): void => {
    // Half a pinyin syllable is not an answer.
    if (ref.current && !isComposing.current) desk.set(view, typed(ref.current));
  };
  return {
    ref,
    onInput: keep,
    onCompositionStart: () => (isComposing.current = true),
    onCompositionEnd: () => {
      isComposing.current = false;
      keep();
    },
  };
}

const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const POINTS = /[\uff0e\u3002]/g;
const MINUS = /[\uff0d\u2212]/g;
/** Spaces and what sets off thousands, as in 10,850 and in a card number. */
const BETWEEN_DIGITS = /[\s,\uff0c]/g;

/** Full-width letters and digits are kept as plain ones; number fields take all a Chinese keyboard gives. */
function typed(field: Field): string {
  const text = field.value.replace(FULL_WIDTH, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  if (field.inputMode === 'text' || field.inputMode === '') return text;
  return text.replace(POINTS, '.').replace(MINUS, '-').replace(BETWEEN_DIGITS, '');
}

export function Text({ view, mode = 'text', isLong = false }: Props): JSX.Element {
  const { ref, ...events } = useTyped(view);
  const shared = {
    id: idOf(view.path),
    class: 'input',
    defaultValue: view.value.peek(),
    autocomplete: 'off',
    'aria-invalid': view.error.value !== '',
    ...events,
  };
  if (isLong) return <textarea {...shared} rows={4} ref={element => void (ref.current = element)} />;
  return (
    <input
      {...shared}
      type="text"
      inputMode={mode}
      enterkeyhint="next"
      ref={element => void (ref.current = element)}
    />
  );
}
