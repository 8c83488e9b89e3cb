/** Entity lists on the phone: rows as the server sent them, packed for quick loading, with own unsent rows on top. */
import type {
  LocalEntity,
  OutboxRecord,
  Pack,
  Pinned,
  Progress,
  Store,
  Wipe,
  WriteTransaction,
} from './db.ts';
import { store } from './db.ts';
import { ListRows } from './rows.ts';
import type { Standing } from './state.ts';
import type { Row, RowChange } from './wire.ts';

export interface WantedList {
  name: string;
  columns: readonly string[];
}

/** The newest pack of each list that was looked at, as long as the store stays open. */
const newest = new WeakMap<Store, Map<string, Pack>>();

function packsIn(db: Store): Map<string, Pack> {
  const known = newest.get(db) ?? new Map<string, Pack>();
  newest.set(db, known);
  return known;
}

const ALL_OF = (list: string): IDBKeyRange => IDBKeyRange.bound([list], [list, []]);

/** Put the rows of one sync answer into the store; a list that changed gets a new stamp. */
export async function applyRows(tx: WriteTransaction, changes: RowChange[]): Promise<void> {
  const rows = tx.objectStore('rows');
  const touched = new Set<string>();
  for (const change of changes) {
    touched.add(change.list);
    if (change.removed) void rows.delete([change.list, change.name]);
    else void rows.put({ list: change.list, name: change.row['name'] ?? '', row: change.row });
  }
  await Promise.all([...touched].map(list => stampList(tx, list)));
}

/** Forget every row, as when another person signs in or the server was restored; stamps go on counting. */
export async function clearRows(tx: WriteTransaction): Promise<void> {
  await tx.objectStore('rows').clear();
  const lists = await tx.objectStore('stamps').getAllKeys();
  await Promise.all(lists.map(list => stampList(tx, list)));
}

async function stampList(tx: WriteTransaction, list: string): Promise<void> {
  const n_rows = await tx.objectStore('rows').count(ALL_OF(list));
  const known = await tx.objectStore('stamps').get(list);
  await tx.objectStore('stamps').put({ list, stamp: (known?.stamp ?? 0) + 1, n_rows });
}

/** Return the list as it stands, packed; packs are made when first wanted after a change. */
export async function currentPack(list: string): Promise<Pack> {
  const db = await store();
  // One transaction for stamp and rows: a sync in between must not put newer rows under the older stamp.
  const tx = db.transaction(['stamps', 'packs', 'rows']);
  const stamp = (await tx.objectStore('stamps').get(list))?.stamp ?? 0;
  const known = packsIn(db).get(list);
  if (known?.stamp === stamp) return known;
  const stored = await tx.objectStore('packs').get([list, stamp]);
  const pack = stored ?? packed(list, stamp, await tx.objectStore('rows').getAll(ALL_OF(list)));
  if (stored === undefined) await keepPack(pack);
  packsIn(db).set(list, pack);
  return pack;
}

/** Store a pack, but not on a phone that was cleared since its rows were read: they must not come back. */
async function keepPack(pack: Pack): Promise<void> {
  const tx = (await store()).transaction(['meta', 'packs'], 'readwrite');
  const wipe = (await tx.objectStore('meta').get('wipe')) as Wipe | undefined;
  if (wipe === undefined || wipe.state === 'asked') await tx.objectStore('packs').put(pack);
  await tx.done;
}

function packed(list: string, stamp: number, stored: { row: Row }[]): Pack {
  const rows = stored.map(({ row }) => row);
  return { list, stamp, n_rows: rows.length, columns: columnsOf(rows) };
}

function columnsOf(rows: Row[]): Record<string, string[]> {
  const columns: Record<string, string[]> = {};
  rows.forEach((row, at) => {
    for (const column in row) {
      const texts = (columns[column] ??= new Array<string>(rows.length).fill(''));
      texts[at] = row[column] ?? '';
    }
  });
  return columns;
}

/** Drop packs that are neither current nor what a draft started with. */
export async function prunePacks(pinned: Pinned[]): Promise<void> {
  const db = await store();
  const kept = new Set(pinned.flatMap(pin => Object.entries(pin.packs).map(([list, at]) => `${list} ${at}`)));
  for (const { list, stamp } of await db.getAll('stamps')) kept.add(`${list} ${stamp}`);
  for (const key of await db.getAllKeys('packs')) {
    if (!kept.has(`${key[0]} ${key[1]}`)) await db.delete('packs', key);
  }
}

/** Return what own records add to the lists and the server has not sent back yet. */
export function localEntities(records: readonly OutboxRecord[], progress: Progress): LocalEntity[] {
  const unconfirmed = records.filter(record => isUnconfirmed(record, progress));
  return unconfirmed.sort((a, b) => a.ordinal - b.ordinal).flatMap(record => record.entities);
}

/** Whether what a record does to the lists has yet to come back from the server. */
export function isUnconfirmed(record: OutboxRecord, progress: Progress): boolean {
  if (record.state === 'draft' || record.is_withdrawn || record.replaced_by !== undefined) return false;
  const receipt = record.receipt;
  if (record.state !== 'sent' || receipt === undefined) return true;
  return receipt.epoch !== progress.epoch || receipt.seq > progress.cursor;
}

/** Freeze the lists a filling is about to start with; those in memory take no look into the store. */
export async function pin(names: string[], local: LocalEntity[], standing: Standing): Promise<Pinned> {
  const known = packsIn(await store());
  const packOf = async (list: string): Promise<Pack> => {
    const pack = known.get(list);
    return pack?.stamp === (standing.stamps.get(list) ?? 0) ? pack : currentPack(list);
  };
  const current = await Promise.all(names.map(packOf));
  const packs = Object.fromEntries(current.map(pack => [pack.list, pack.stamp]));
  const own = local.filter(entity => names.includes(entity.list_name));
  return { packs, local: own, lists_cursor: standing.cursor };
}

async function pinnedPack(list: string, stamp: number): Promise<Pack> {
  const db = await store();
  const known = packsIn(db).get(list);
  if (known?.stamp === stamp) return known;
  return (await db.get('packs', [list, stamp])) ?? currentPack(list);
}

/** Load the frozen lists of a filling, each with only the columns its form names. */
export async function openLists(wanted: readonly WantedList[], pinned: Pinned): Promise<ListRows> {
  const loaded = await Promise.all(wanted.map(list => pinnedPack(list.name, pinned.packs[list.name] ?? 0)));
  const lists = new ListRows();
  loaded.forEach((pack, at) => {
    const own = pinned.local.filter(entity => entity.list_name === pack.list);
    lists.add(overlaid(pack, own), ['name', 'label', ...(wanted[at]?.columns ?? [])]);
  });
  return lists;
}

/** Return the list as it stands with own unsent rows, every column. */
export async function openList(list: string, local: LocalEntity[]): Promise<Pack> {
  const own = local.filter(entity => entity.list_name === list);
  return overlaid(await currentPack(list), own);
}

/** Lay own rows over a pack: a row the server already knows wins over the one created here. */
function overlaid(pack: Pack, own: LocalEntity[]): Pack {
  if (own.length === 0) return pack;
  const columns: Record<string, string[]> = {};
  for (const column in pack.columns) columns[column] = [...(pack.columns[column] ?? [])];
  const result = { ...pack, columns };
  const names = new Map((columns['name'] ?? []).map((name, at) => [name, at]));
  for (const entity of own) {
    const known = names.get(entity.entity_id);
    if (known !== undefined && entity.kind === 'create' && known < pack.n_rows) continue;
    const at = known ?? result.n_rows++;
    names.set(entity.entity_id, at);
    writeRow(result, at, entity);
  }
  return result;
}

function writeRow(pack: Pack, at: number, entity: LocalEntity): void {
  const row: Row = { ...entity.data, name: entity.entity_id };
  if (entity.label !== '') row['label'] = entity.label;
  for (const column in row) (pack.columns[column] ??= [])[at] = row[column] ?? '';
}
