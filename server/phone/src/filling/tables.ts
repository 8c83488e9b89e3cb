/** Rows of choice lists and external lists: looked up by index where columns are compared for equality. */
import { cell } from '../../../../forms/runtime.ts';
import type { Row, RowPredicate, Scope } from '../../../../forms/runtime.ts';
import type { ChoiceRow, Label, NodeDef } from './form.ts';
import type { Choice, Lists } from './types.ts';

type Index = Map<string, ChoiceRow[]>;

/** Where outputs inside choice labels are evaluated (the whole form), and the language now shown. */
interface Around {
  readonly scope: () => Scope;
  readonly language: () => string;
}

const NONE: readonly Row[] = [];

export class Tables {
  private readonly choices: ReadonlyMap<string, readonly ChoiceRow[]>;
  private readonly lists: Lists;
  private readonly around: Around;
  private readonly indexes = new Map<string, Index>();
  private readonly plain = new Map<string, readonly Row[]>();
  private readonly rows = new Map<ChoiceRow, Row>();
  private readonly origin = new Map<Row, ChoiceRow>();

  constructor(choices: Readonly<Record<string, readonly ChoiceRow[]>>, lists: Lists, around: Around) {
    this.choices = new Map(Object.entries(choices));
    this.lists = lists;
    this.around = around;
  }

  select(
    list: string,
    equals: readonly (readonly [string, string])[],
    predicates: readonly RowPredicate[],
  ): readonly Row[] {
    const [first, ...others] = equals;
    let rows = first ? this.by(list, first[0], first[1]) : this.all(list);
    if (others.length)
      rows = rows.filter(row => others.every(([column, value]) => cell(row, column) === value));
    for (const test of predicates) {
      const tried = rows;
      rows = tried.filter((row, index) => test(row, index + 1, tried.length));
    }
    return rows;
  }

  /** The choices of a select as its filter leaves them now, labelled in `language`. */
  choicesOf(def: NodeDef, at: Scope, language: string): Choice[] {
    const [value, label] = def.choice_columns ?? ['name', 'label'];
    return this.rowsOf(def, at).map(row => this.choice(row, value, label, language));
  }

  rowsOf(def: NodeDef, at: Scope): readonly Row[] {
    return def.choices ? def.choices(at) : def.list ? this.all(def.list) : NONE;
  }

  /** Which of these values a select offers now; without a filter it is a look into the index, however long the list. */
  offered(def: NodeDef, at: Scope, values: readonly string[]): string[] {
    const [column] = def.choice_columns ?? ['name'];
    const { list } = def;
    if (!def.choices && list) return values.filter(value => this.by(list, column, value).length > 0);
    const names = new Set(this.rowsOf(def, at).map(row => cell(row, column)));
    return values.filter(value => names.has(value));
  }

  private choice(row: Row, value: string, label: string, language: string): Choice {
    const origin = this.origin.get(row);
    const name = cell(row, value);
    if (!origin || label !== 'label') return { name, label: cell(row, label) || name, row };
    const media = origin.media?.[language] ?? Object.values(origin.media ?? {})[0];
    const shown = say(origin.label, language, this.around.scope());
    return media ? { name, label: shown, media, row } : { name, label: shown, row };
  }

  private all(list: string): readonly Row[] {
    const own = this.choices.get(list);
    if (!own) return this.lists.rows(list);
    let rows = this.plain.get(list);
    if (!rows) {
      rows = own.map(each => this.flat(each));
      this.plain.set(list, rows);
    }
    return rows;
  }

  /** Only the rows that are found are made plain: of 20,000 a filter leaves a few. */
  private by(list: string, column: string, value: string): readonly Row[] {
    const own = this.choices.get(list);
    if (!own) return this.lists.by(list, column, value);
    if (column === 'label') return this.all(list).filter(row => cell(row, column) === value);
    const key = `${list}/${column}`;
    let index = this.indexes.get(key);
    if (!index) {
      index = indexed(own, column);
      this.indexes.set(key, index);
    }
    return index.get(value)?.map(each => this.flat(each)) ?? NONE;
  }

  private flat(choice: ChoiceRow): Row {
    const known = this.rows.get(choice);
    if (known) return known;
    const plain = Object.entries(choice).flatMap(([column, value]): [string, string][] =>
      typeof value === 'string' ? [[column, value]] : [],
    );
    const row: Row = Object.fromEntries(plain);
    // An expression that reads a label gets it in the language now shown.
    const label = (): string => say(choice.label, this.around.language(), this.around.scope());
    if (!('label' in row)) Object.defineProperty(row, 'label', { get: label, enumerable: true });
    this.rows.set(choice, row);
    this.origin.set(row, choice);
    return row;
  }
}

/** The values a select holds; only where several may be chosen does a space separate them. */
export function chosen(def: NodeDef, text: string): string[] {
  if (def.type !== 'select_multiple' && def.type !== 'rank') return text === '' ? [] : [text];
  return text.split(' ').filter(value => value !== '');
}

/** Index rows by one column; a row without the column counts as empty. */
function indexed(rows: readonly ChoiceRow[], column: string): Index {
  const index: Index = new Map();
  for (const row of rows) {
    const held = row[column];
    const value = typeof held === 'string' ? held : '';
    const same = index.get(value);
    if (same) same.push(row);
    else index.set(value, [row]);
  }
  return index;
}

/** A label in `language`, else in the first language it has. */
export function say(label: Label | undefined, language: string, scope: Scope): string {
  if (!label) return '';
  const part = label[language] ?? Object.values(label)[0];
  return typeof part === 'function' ? part(scope) : (part ?? '');
}
