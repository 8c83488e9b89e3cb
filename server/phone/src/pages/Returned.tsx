/** Over a correction: why it came back, in a line, and every comment with a way to its question. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { placed } from '../comments.ts';
import type { QuestionView } from '../filling/types.ts';
import { Banner, Cell, Sheet } from '../parts.tsx';
import { t } from '../texts/filling.ts';
import { firstLine } from '../markup.ts';
import { useDesk } from '../widgets/context.ts';

export function Returned({
  comment,
  goTo,
}: {
  comment: string;
  goTo: (view: QuestionView) => void;
}): JSX.Element {
  const { comments } = useDesk();
  const isOpen = useSignal(false);
  const n = Object.keys(comments).length + (comment === '' ? 0 : 1);
  const show =
    n === 0 ? null : (
      <button type="button" onClick={() => (isOpen.value = true)}>
        {t('comments_n', { n })}
      </button>
    );
  return (
    <>
      <Banner tone="wait" action={show}>
        {t('draft_of')}
      </Banner>
      {isOpen.value ? (
        <Comments comment={comment} goTo={goTo} onClose={() => (isOpen.value = false)} />
      ) : null}
    </>
  );
}

function Comments(props: {
  comment: string;
  goTo: (view: QuestionView) => void;
  onClose: () => void;
}): JSX.Element {
  const { filling, comments } = useDesk();
  const go = (view: QuestionView): void => {
    props.onClose();
    props.goTo(view);
  };
  return (
    <Sheet title={t('comment_from_office')} onClose={props.onClose}>
      {props.comment === '' ? null : <p class="sheet-pad">{props.comment}</p>}
      {placed(filling.root.children, comments).map(({ path, text, view }) => (
        <Cell
          key={path}
          title={text}
          note={view ? firstLine(view.label.value) : undefined}
          {...(view ? { onClick: () => go(view) } : {})}
        />
      ))}
    </Sheet>
  );
}
