/** How many answers are wrong, and how many are still to be given: below the title of what holds them. */
import type { ComponentChildren, JSX } from 'preact';
import type { Problem } from '../filling/types.ts';
import { Tag } from '../parts.tsx';
import { t } from '../texts/filling.ts';

export function Marks(props: { of: readonly Problem[]; children?: ComponentChildren }): JSX.Element {
  const nMissing = props.of.filter(({ kind }) => kind === 'required').length;
  const nWrong = props.of.length - nMissing;
  return (
    <span class="cell-marks">
      {props.children}
      {nWrong > 0 ? <Tag tone="bad">{t('n_to_fix', { n: nWrong })}</Tag> : null}
      {nMissing > 0 ? <Tag tone="plain">{t('n_to_answer', { n: nMissing })}</Tag> : null}
    </span>
  );
}
