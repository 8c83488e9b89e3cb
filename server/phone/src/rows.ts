/** Rows of packed lists: found by an equal column, made only when they are asked for. */
import type { Pack } from './db.ts';
import type { Row } from './wire.ts';

interface Loaded {
  pack: Pack;
  columns: string[];
  all: Row[] | null;
  made: (Row | undefined)[];
}

/** Rows by list and by equal column, made only when they are asked for; what the filling engine reads. */
export class ListRows {
  private readonly lists = new Map<string, Loaded>();

  add(pack: Pack, columns: string[]): void {
    this.lists.set(pack.list, { pack, columns, all: null, made: [] });
  }

  rows(list: string): Row[] {
    const loaded = this.lists.get(list);
    if (loaded === undefined) return [];
    loaded.all ??= Array.from({ length: loaded.pack.n_rows }, (_, at) => rowAt(loaded, at));
    return loaded.all;
  }

  by(list: string, column: string, value: string): Row[] {
    const loaded = this.lists.get(list);
    if (loaded === undefined) return [];
    return (indexOf(loaded.pack, column).get(value) ?? []).map(at => rowAt(loaded, at));
  }
}

function rowAt(loaded: Loaded, at: number): Row {
  const known = loaded.made[at];
  if (known !== undefined) return known;
  const row: Row = {};
  for (const column of loaded.columns) row[column] = loaded.pack.columns[column]?.[at] ?? '';
  loaded.made[at] = row;
  return row;
}

type Index = ReadonlyMap<string, readonly number[]>;

/** By the column itself: a pack stays in memory, and with it what was indexed for the filling before. */
const indexes = new WeakMap<readonly string[], Index>();

/** Where in a pack each text of a column stands. */
export function indexOf(pack: Pack, column: string): Index {
  const texts = pack.columns[column] ?? [];
  const known = indexes.get(texts);
  if (known !== undefined) return known;
  const index = new Map<string, number[]>();
  for (let at = 0; at < pack.n_rows; at++) {
    const text = texts[at] ?? '';
    const places = index.get(text);
    if (places) places.push(at);
    else index.set(text, [at]);
  }
  indexes.set(texts, index);
  return index;
}

/** Return one row of a pack with all its columns, null when the name is not there. */
export function rowNamed(pack: Pack, name: string): Row | null {
  const [at] = indexOf(pack, 'name').get(name) ?? [];
  return at === undefined ? null : fullRow(pack, at);
}

export function fullRow(pack: Pack, at: number): Row {
  const row: Row = {};
  for (const column in pack.columns) row[column] = pack.columns[column]?.[at] ?? '';
  return row;
}
