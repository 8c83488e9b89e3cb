/** What still stands in the way of finishing a filling, each with the way to its question. */
import type { JSX } from 'preact';
import type { FillingError, QuestionView } from '../filling/types.ts';
import type { OpenFilling } from '../open.ts';
import { firstLine } from '../markup.ts';
import { Button, Cell, Many, Screen, Section } from '../parts.tsx';
import type { Position } from '../position.ts';
import { t } from '../texts/filling.ts';
import type { Desk } from '../widgets/context.ts';
import { useDesk } from '../widgets/context.ts';
import { instanceLabel } from '../widgets/labels.ts';

/** What the last page of a filling is given. */
export interface EndProps {
  opened: OpenFilling;
  position: Position;
  goTo: (view: QuestionView) => void;
  onBack: () => void;
}

/** Which instance of a repeat is meant, in words. */
function whereIs(view: QuestionView, position: Position, desk: Desk): string[] {
  return position.around(view).map(({ repeat, instance }) => instanceLabel(repeat, instance, desk));
}

const FIRST_SHOWN = 30;

export function Errors(props: EndProps & { errors: FillingError[] }): JSX.Element {
  const desk = useDesk();
  return (
    <Screen title={t('errors_title', { n: props.errors.length })}>
      <p class="plain-note">{t('errors_hint')}</p>
      <Section>
        <Many
          of={props.errors}
          first={FIRST_SHOWN}
          show={(error, at) => (
            <Cell
              key={at}
              title={[...whereIs(error.view, props.position, desk), firstLine(error.view.label.value)].join(
                ' › ',
              )}
              note={error.message}
              onClick={() => props.goTo(error.view)}
            />
          )}
        />
      </Section>
      <div class="buttons">
        <Button onClick={props.onBack}>{t('back')}</Button>
      </div>
    </Screen>
  );
}
