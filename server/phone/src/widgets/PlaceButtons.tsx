/** The button that asks the phone where it is, and the one that forgets what it said. */
import type { JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { Icon } from '../parts.tsx';
import type { RareText } from '../texts/rare.ts';
import { t } from '../texts/rare.ts';
import { idOf } from './context.ts';

interface Props {
  view: QuestionView;
  text: RareText;
  press: () => void;
  /** null: there is nothing to clear now */
  clear: (() => void) | null;
}

export function PlaceButtons({ view, text, press, clear }: Props): JSX.Element {
  return (
    <div class="row">
      <button class="button" id={idOf(view.path)} type="button" onClick={press}>
        <Icon name="place" />
        {t(text)}
      </button>
      {clear ? (
        <button class="small-link" type="button" onClick={clear}>
          {t('optional_clear')}
        </button>
      ) : null}
    </div>
  );
}
