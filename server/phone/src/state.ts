/** What the pages show: signals over the store, refreshed after every write here or in another tab. */
import { computed, signal } from '@preact/signals';
import type { OutboxRecord, Progress, Session, StoredForm, Wipe } from './db.ts';
import { readMeta, store, writeMeta } from './db.ts';
import { newId } from './digest.ts';
import type { ReminderChange, SubmissionChange } from './wire.ts';

export const NOWHERE: Progress = { epoch: '', cursor: 0, scope: '', synced_at: '' };

export const session = signal<Session | null>(null);
export const progress = signal<Progress>(NOWHERE);
export const allRecords = signal<OutboxRecord[]>([]);
export const forms = signal<StoredForm[]>([]);
export const submissions = signal<SubmissionChange[]>([]);
export const reminders = signal<ReminderChange[]>([]);
export const sending = signal<ReadonlySet<string>>(new Set());
/** list -> stamp of its newest pack */
export const stamps = signal<ReadonlyMap<string, number>>(new Map());
export const wipe = signal<Wipe | null>(null);
export const isReady = signal(false);

/** Where the lists stand: read together, so that a filling's rows are those of its cursor. */
export interface Standing {
  cursor: number;
  stamps: ReadonlyMap<string, number>;
}
export const standing = computed<Standing>(() => ({ cursor: progress.value.cursor, stamps: stamps.value }));

/** Own records only: another person may have signed in on this phone before. */
export const records = computed(() =>
  allRecords.value.filter(record => record.user_id === session.value?.user.user_id && !record.deleted_at),
);
export const drafts = computed(() => records.value.filter(record => record.state === 'draft'));
export const unsent = computed(() =>
  records.value.filter(record => record.state === 'finalised' || isOpenFailure(record)),
);
export const currentForms = computed(() => forms.value.filter(form => form.is_current && !form.removed));

function isOpenFailure(record: OutboxRecord): boolean {
  return record.state === 'failed' && record.replaced_by === undefined;
}

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lingyan');
if (channel) channel.onmessage = () => void reload();

const others: (() => Promise<void>)[] = [];

/** Let another part of the app read its own whenever the store is read again. */
export const onReload = (read: () => Promise<void>): void => void others.push(read);

/** Read everything the lists show; answers and files stay in the store until they are opened. */
async function reload(): Promise<void> {
  const db = await store();
  const tx = db.transaction(['meta', 'records', 'forms', 'submissions', 'stamps', 'reminders']);
  const [who, where, device, asked, marks, kept, known, sent, told] = await Promise.all([
    tx.objectStore('meta').get('session'),
    tx.objectStore('meta').get('progress'),
    tx.objectStore('meta').get('device_id'),
    tx.objectStore('meta').get('wipe'),
    tx.objectStore('stamps').getAll(),
    tx.objectStore('records').getAll(),
    tx.objectStore('forms').getAll(),
    tx.objectStore('submissions').getAll(),
    tx.objectStore('reminders').getAll(),
  ]);
  session.value = (who as Session | undefined) ?? null;
  progress.value = (where as Progress | undefined) ?? NOWHERE;
  wipe.value = (asked as Wipe | undefined) ?? null;
  allRecords.value = kept.sort((a, b) => (a.changed_at < b.changed_at ? 1 : -1));
  forms.value = known.sort((a, b) => a.seq - b.seq || (a.form_id < b.form_id ? -1 : 1));
  submissions.value = sent;
  reminders.value = told;
  stamps.value = new Map(marks.map(({ list, stamp }) => [list, stamp]));
  ownDevice = typeof device === 'string' ? device : '';
  await Promise.all(others.map(read => read()));
  isReady.value = true;
}

/** Read the store again after a write, here and in every other tab. */
export async function refresh(): Promise<void> {
  await reload();
  channel?.postMessage('changed');
}

export const start = reload;

let ownDevice = '';

export async function deviceId(): Promise<string> {
  if (ownDevice !== '') return ownDevice;
  const made = (await readMeta<string>('device_id')) ?? newId();
  await writeMeta('device_id', made);
  return (ownDevice = made);
}
