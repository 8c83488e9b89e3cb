/** A line or several of text, a number, a code: typed, safe with input methods, kept as typed. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { settled } from '../filling/serialise.ts';
import type { QuestionView } from '../filling/types.ts';
import { t } from '../texts/filling.ts';
import { labelId, looksLike, told, useDesk } from './context.ts';
import { asNumber, grouped, halfWidth } from './numbers.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;

interface Props {
  view: QuestionView;
  mode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'url';
  isLong?: boolean;
}

interface Typed {
  ref: { current: Field | null };
  onInput: () => void;
  onFocus: () => void;
  onBlur: () => void;
  onCompositionStart: () => void;
  onCompositionEnd: () => void;
}

/** The element keeps its own text; a change of the answer from elsewhere is written into it, never while typing. */
function useTyped(view: QuestionView): Typed {
  const desk = useDesk();
  const ref = useRef<Field>(null);
  const isComposing = useRef(false);
  const isGrouped = looksLike(view, 'thousands-sep');
  const shown = (text: string): string =>
    isGrouped && ref.current !== document.activeElement ? grouped(text) : text;
  useSignalEffect(() => {
    const text = view.value.value;
    const field = ref.current;
    if (field && !isComposing.current && field.value !== text && meant(view, field) !== text)
      field.value = shown(text);
  });
  const keep = (): void => {
    // Half a pinyin syllable is not an answer.
    if (ref.current && !isComposing.current) desk.set(view, typed(ref.current));
  };
  /** Thousands are set off while nobody types: a sign that jumps under the cursor would be in the way. */
  const rewrite = (text: string): void => {
    if (ref.current && meant(view, ref.current) === view.value.peek()) ref.current.value = text;
  };
  return {
    ref,
    onInput: keep,
    onFocus: () => isGrouped && rewrite(view.value.peek()),
    onBlur: () => rewrite(isGrouped ? grouped(view.value.peek()) : view.value.peek()),
    onCompositionStart: () => (isComposing.current = true),
    onCompositionEnd: () => {
      isComposing.current = false;
      keep();
    },
  };
}

/** Full-width letters and digits are kept as plain ones; number fields take all a Chinese keyboard gives. */
function typed(field: Field): string {
  const isWords = field.inputMode === 'text' || field.inputMode === '' || field.inputMode === 'url';
  return isWords ? halfWidth(field.value) : asNumber(field.value);
}

/** The answer that a field's text stands for: `7` for `007`. */
const meant = (view: QuestionView, field: Field): string => settled(view.def, typed(field));

export function Text({ view, mode = 'text', isLong = false }: Props): JSX.Element {
  const { ref, ...events } = useTyped(view);
  const before = view.value.peek();
  const shared = {
    ...told(view),
    // Also where the question is the legend of several fields: that names the group, not the field.
    'aria-labelledby': labelId(view),
    defaultValue: looksLike(view, 'thousands-sep') ? grouped(before) : before,
    autocomplete: 'off',
    ...events,
  };
  if (isLong) {
    const rows = Math.min(12, Number(view.def.parameters?.['rows'] ?? 4) || 4);
    return <textarea {...shared} class="input" rows={rows} ref={element => void (ref.current = element)} />;
  }
  const isMasked = looksLike(view, 'masked');
  const line = (
    <input
      {...shared}
      class={`input${isMasked ? ' is-masked' : ''}`}
      type="text"
      inputMode={mode}
      enterkeyhint="next"
      ref={element => void (ref.current = element)}
    />
  );
  return isMasked ? <Masked line={line} /> : line;
}

/** What is typed shows as dots, and as itself for as long as somebody wants to check it. */
function Masked({ line }: { line: JSX.Element }): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <div class={`row${isOpen.value ? ' is-unmasked' : ''}`}>
      {line}
      <button
        class="small-link"
        type="button"
        aria-pressed={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {t(isOpen.value ? 'hide_typed' : 'show_typed')}
      </button>
    </div>
  );
}

/** A whole number with a button for one less and one more. */
export function Counter({ view }: { view: QuestionView }): JSX.Element {
  const desk = useDesk();
  const shift = (by: number): void => {
    const before = Number(view.value.peek());
    desk.set(view, String(Number.isInteger(before) ? before + by : by));
  };
  return (
    <div class="counter">
      <button class="round" type="button" aria-label={t('less')} onClick={() => shift(-1)}>
        −
      </button>
      <Text view={view} mode="numeric" />
      <button class="round" type="button" aria-label={t('more')} onClick={() => shift(1)}>
        +
      </button>
    </div>
  );
}
