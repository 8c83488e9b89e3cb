/** A phone for tests: a fresh store, a person signed in, and records and answers made to order. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { close, store } from '../src/db.ts';
import type { OutboxRecord, StoredForm } from '../src/db.ts';
import { digestOf } from '../src/digest.ts';
import { finalise, newDraft, saveDraft } from '../src/outbox.ts';
import type { Draft } from '../src/draft.ts';
import { refresh } from '../src/state.ts';
import type { Item, Outcome, Receipt, SyncAnswer, User } from '../src/wire.ts';

export const CADRE: User = {
  user_id: 'u1',
  username: 'cadre01',
  name: '陈守望',
  posts: [{ role: 'field', village: '320981100901' }],
  person: 'p1',
};

export const FORM: StoredForm = {
  kind: 'form',
  seq: 1,
  form_id: 'visit',
  version: '1',
  digest: 'f'.repeat(64),
  title: { zh: '走访', en: 'Visit' },
  url: '/forms/f.js',
  starts_from: '',
  find: [],
  subject_list: '',
  is_current: true,
  is_cached: true,
};

/** Begin with an empty store and a person who is signed in. */
export async function freshPhone(): Promise<void> {
  await close();
  globalThis.indexedDB = new IDBFactory();
  const db = await store();
  const town = { town_id: 't1', name: '溱东镇', is_demo: true };
  await db.put('meta', { token: 'token', user: CADRE, town }, 'session');
  await refresh();
}

export async function storedDraft(text = '第一次'): Promise<Draft> {
  const draft = await newDraft(FORM, [], '');
  draft.body.saved = { ...draft.body.saved, texts: { note: text } };
  await saveDraft(draft);
  await refresh();
  return draft;
}

export async function finalised(
  text = '第一次',
  files: Parameters<typeof finalise>[1]['files'] = [],
): Promise<OutboxRecord> {
  return finalise(await storedDraft(text), { answers: { note: text }, files, name: text, entities: [] });
}

export async function recordNow(instanceId: string): Promise<OutboxRecord> {
  const record = await (await store()).get('records', instanceId);
  if (!record) throw new Error('the record is gone');
  return record;
}

export async function receiptFor(item: Item, change: Partial<Receipt> = {}): Promise<Receipt> {
  return {
    instance_id: item.instance_id,
    digest: await digestOf(item.payload),
    epoch: 'e1',
    seq: 7,
    received_at: '2026-11-24T02:00:00.000Z',
    chain: '',
    signature: '',
    files_missing: [],
    ...change,
  };
}

export async function accepted(items: Item[], change: Partial<Receipt> = {}): Promise<Outcome[]> {
  return Promise.all(
    items.map(async item => ({
      instance_id: item.instance_id,
      outcome: 'accepted' as const,
      receipt: await receiptFor(item, change),
    })),
  );
}

export function answerWith(change: Partial<SyncAnswer> = {}): SyncAnswer {
  return {
    epoch: 'e1',
    scope: 'village',
    reset: false,
    server_at: '2026-11-24T02:00:00.000Z',
    outcomes: [],
    withdrawals: [],
    changes: [],
    cursor: 10,
    has_more: false,
    ...change,
  };
}
