/** Which widget a question gets, from its control, type and appearance; one line a kind. */
import type { FunctionComponent, JSX } from 'preact';
import type { QuestionView } from '../filling/types.ts';
import { Acknowledge } from './Acknowledge.tsx';
import { looksLike } from './context.ts';
import { DateTime, isInParts } from './DateTime.tsx';
import { layoutOf } from './layouts.ts';
import { rarely } from './rarely.ts';
import { isRating } from './scale.ts';
import { SelectMultiple, SelectOne } from './Select.tsx';
import { Barcode } from './Barcode.tsx';
import { Counter, Text } from './Text.tsx';
import { Upload } from './Upload.tsx';

export type Widget = FunctionComponent<{ view: QuestionView }>;

export interface Kind {
  readonly show: Widget;
  /** Several fields or buttons answer it together: they stand in a fieldset, whose legend is the question. */
  readonly isMany: boolean;
}

type Show = ({ view }: { view: QuestionView }) => JSX.Element;

const Numeric: Show = ({ view }) => <Text view={view} mode="numeric" />;
const Decimal: Show = ({ view }) => <Text view={view} mode="decimal" />;
const Digits: Show = ({ view }) => <Text view={view} mode="tel" />;
const Long: Show = ({ view }) => <Text view={view} isLong />;
const Line: Show = ({ view }) => <Text view={view} />;

const Draw = rarely(rare => rare.Draw);
const Geopoint = rarely(rare => rare.Geopoint);
const Range = rarely(rare => rare.Range);
const Rank = rarely(rare => rare.Rank);
const Trace = rarely(rare => rare.Trace);

const one = (show: Widget): Kind => ({ show, isMany: false });
const many = (show: Widget): Kind => ({ show, isMany: true });

const BY_TYPE: Readonly<Record<string, Kind>> = {
  decimal: one(Decimal),
  time: one(DateTime),
  dateTime: one(DateTime),
  geopoint: many(Geopoint),
  geotrace: many(Trace),
  geoshape: many(Trace),
  barcode: many(Barcode),
};

/** Whether there is a field for each choice; the head of a table has none. */
function isInSight(view: QuestionView): boolean {
  const layout = layoutOf(view);
  return layout !== 'hidden' && layout !== 'labels';
}

export function kindOf(view: QuestionView): Kind {
  const { control, type } = view.def;
  if (control === 'select_one') return { show: SelectOne, isMany: isInSight(view) };
  if (control === 'select_multiple') return { show: SelectMultiple, isMany: isInSight(view) };
  if (control === 'rank') return many(Rank);
  if (control === 'trigger') return many(Acknowledge);
  if (control === 'range') return { show: Range, isMany: isRating(view) };
  if (control === 'upload') return many(looksLike(view, 'signature', 'draw') ? Draw : Upload);
  if (type === 'date') return { show: DateTime, isMany: isInParts(view) };
  if (type === 'int') return looksLike(view, 'counter') ? many(Counter) : one(Numeric);
  return BY_TYPE[type] ?? one(lineOf(view));
}

function lineOf(view: QuestionView): Widget {
  if (looksLike(view, 'numbers')) return Digits;
  const isLong = looksLike(view, 'multiline') || view.def.parameters?.['rows'] !== undefined;
  return isLong ? Long : Line;
}
