/** The phone's store: one IndexedDB, its schema, and transactions that are on disk before they count. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { openDB } from 'idb';
import type { SavedFilling } from './filling/types.ts';
import { storeName } from './storename.ts';
import type {
  CheckInChange,
  EventChange,
  FileRef,
  FormChange,
  HeldChange,
  LeaveChange,
  OutcomeName,
  Problem,
  Receipt,
  ReminderChange,
  Row,
  SubmissionChange,
  Title,
  Town,
  User,
} from './wire.ts';

const VERSION = 2;

export interface Session {
  token: string; // empty once it expired: the person still fills, but must sign in again to send
  user: User;
  town: Town;
}

/** What the phone knows about where it stands with the server. */
export interface Progress {
  epoch: string;
  cursor: number;
  scope: string;
  synced_at: string; // '' before the first exchange
}

/** Where a wipe stands that the office asked for; the token tells the server once nothing else is left. */
export interface Wipe {
  state: 'asked' | 'cleared' | 'done';
  token: string;
}

export type OutboxState = 'draft' | 'finalised' | 'sent' | 'failed';

/** One record without its answers: what lists of records show. */
export interface OutboxRecord {
  instance_id: string;
  user_id: string;
  form_id: string;
  version: string;
  form_digest: string;
  form_title: Title;
  name: string; // the instance's name, '' until it has one
  subject: string; // the list row it is about, '' for none
  subject_list: string;
  state: OutboxState;
  deprecated_id: string; // the instance this one replaces, '' for none
  root_id: string; // the case on the server that this one corrects, '' for none
  n_files: number;
  n_files_waiting: number; // not yet with the server
  digest: string; // of the payload, '' while a draft
  created_at: string;
  changed_at: string;
  finalised_at: string;
  ordinal: number; // the order in which this phone finalised its records, whatever its clock said
  n_attempts: number; // how often it may have reached the server
  outcome?: OutcomeName;
  office?: Verdict; // what became of it after it was kept apart
  receipt?: Receipt;
  problem?: Problem;
  entities: LocalEntity[]; // what it adds to lists, until the server's rows have come
  wants_withdrawal: boolean;
  is_withdrawn: boolean;
  withdrawal_problem?: Problem;
  replaced_by?: string; // the draft made from it after it was refused
  deleted_at?: string; // a draft waiting for its undo to pass
}

/** What the office decided about a record that it had kept apart. */
export interface Verdict {
  state: Exclude<HeldChange['state'], 'open'>;
  comment: string;
  taken_as: string; // the version it is on the server, '' when it was dismissed
  root_id: string;
}

/** One row a record creates or changes, shown in lists until the server's own row arrives. */
export interface LocalEntity {
  list_name: string;
  entity_id: string;
  kind: 'create' | 'update';
  label: string;
  data: Record<string, string>;
}

/** The rows a filling started with: packs by list, and what unsent records had added then. */
export interface Pinned {
  packs: Record<string, number>; // list -> stamp of its pack
  local: LocalEntity[];
  lists_cursor: number;
}

/** A record's answers: the live draft while it is one, then also the finalised text, which never changes. */
export interface Body {
  instance_id: string;
  saved: SavedFilling;
  pinned: Pinned;
  page: number; // where the person was
  started_at: string;
  ended_at: string;
  payload: string; // '' while a draft
  files: FileRef[];
}

export interface StoredFile {
  sha256: string;
  content: ArrayBuffer; // not a Blob: iOS loses those
  type: string;
  name: string;
  is_uploaded: boolean;
  stored_at: string;
}

/** A list as columns of texts, frozen at a stamp: quick to load, shared by all drafts that started with it. */
export interface Pack {
  list: string;
  stamp: number;
  n_rows: number;
  columns: Record<string, string[]>;
}

/** A check-in as this phone shows it: its own until the server's word about it has come. */
export interface LocalCheckIn extends Omit<CheckInChange, 'kind' | 'seq'> {
  name: string; // '' for those of other phones: the roster knows it
  is_local: boolean;
}

export interface StoredForm extends FormChange {
  is_current: boolean;
  is_cached: boolean; // its module is in the cache, so that it opens without a network
}

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  records: { key: string; value: OutboxRecord };
  bodies: { key: string; value: Body };
  files: { key: string; value: StoredFile };
  forms: { key: string; value: StoredForm }; // by digest
  submissions: { key: string; value: SubmissionChange }; // by root_id
  rows: { key: [string, string]; value: { list: string; name: string; row: Row } };
  stamps: { key: string; value: { list: string; stamp: number; n_rows: number } };
  packs: { key: [string, number]; value: Pack };
  reminders: { key: string; value: ReminderChange };
  leaves: { key: string; value: LeaveChange };
  check_ins: { key: string; value: LocalCheckIn };
  events: { key: string; value: EventChange }; // what an organiser's phone holds to check people in
}

export type Store = IDBPDatabase<Schema>;
export type StoreName = StoreNames<Schema>;
export type WriteTransaction = IDBPTransaction<Schema, StoreName[], 'readwrite'>;

let opening: Promise<Store> | null = null;
/** Open the store once; a connection that the system killed is opened again at the next call. */
export function store(): Promise<Store> {
  opening ??= open().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

function forget(): void {
  opening = null;
}

async function open(): Promise<Store> {
  const db = await openDB<Schema>(storeName(), VERSION, {
    // Only ever adds stores: what a phone holds unsent must survive every update.
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('meta');
        db.createObjectStore('records', { keyPath: 'instance_id' });
        db.createObjectStore('bodies', { keyPath: 'instance_id' });
        db.createObjectStore('files', { keyPath: 'sha256' });
        db.createObjectStore('forms', { keyPath: 'digest' });
        db.createObjectStore('submissions', { keyPath: 'root_id' });
        db.createObjectStore('rows', { keyPath: ['list', 'name'] });
        db.createObjectStore('stamps', { keyPath: 'list' });
        db.createObjectStore('packs', { keyPath: ['list', 'stamp'] });
      }
      if (from < 2) {
        db.createObjectStore('reminders', { keyPath: 'reminder_id' });
        db.createObjectStore('leaves', { keyPath: 'leave_id' });
        db.createObjectStore('events', { keyPath: 'event_id' });
        db.createObjectStore('check_ins', { keyPath: 'check_in_id' });
      }
    },
    blocking(_current, _blocked, event) {
      // A newer version of the app wants to upgrade in another tab.
      (event.target as IDBDatabase).close();
      forget();
    },
    terminated: forget,
  });
  db.addEventListener('close', forget);
  return db;
}

/** Close the store; for tests and before it is opened anew. */
export async function close(): Promise<void> {
  if (opening) (await opening).close();
  forget();
}

/** Run `work` in one transaction that is flushed to disk before it counts as done. */
export async function writeStrictly<T>(
  stores: StoreName[],
  work: (tx: WriteTransaction) => Promise<T>,
): Promise<T> {
  const tx = (await store()).transaction(stores, 'readwrite', { durability: 'strict' });
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    abort(tx);
    throw error;
  }
}

function abort(tx: WriteTransaction): void {
  tx.done.catch(() => undefined);
  try {
    tx.abort();
  } catch {
    // It has already ended by itself, for the reason that is being thrown.
  }
}

export async function readMeta<T>(key: string): Promise<T | undefined> {
  return (await (await store()).get('meta', key)) as T | undefined;
}

export async function writeMeta(key: string, value: unknown): Promise<void> {
  await (await store()).put('meta', value, key);
}

/** Return whether an error says that the phone has no room left. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
