/** What is on record of a row whose list is a view of a table, so that no form tells what its columns mean. */
import type { JSX } from 'preact';
import type { TextKey } from '../texts.ts';
import { t } from '../texts.ts';
import type { Row } from '../wire.ts';

export function Facts({
  row,
  facts,
  wordsOf,
}: {
  row: Row;
  facts: readonly (readonly [column: string, label: TextKey])[];
  wordsOf: (column: string, text: string) => string;
}): JSX.Element {
  return (
    <dl class="facts">
      {facts
        .filter(([column]) => row[column])
        .map(([column, label]) => (
          <div key={column} class="fact">
            <dt>{t(label)}</dt>
            <dd>{wordsOf(column, row[column] ?? '')}</dd>
          </div>
        ))}
    </dl>
  );
}
