import { beforeEach, describe, expect, test } from 'vitest';
import { store } from '../src/db.ts';
import { digestOf } from '../src/digest.ts';
import { keepFile } from '../src/files.ts';
import { tidy } from '../src/housekeeping.ts';
import { discard, finalise, newDraft, readDraft, reopen, restore, saveDraft } from '../src/outbox.ts';
import { rescueText } from '../src/rescue.ts';
import { signOut } from '../src/session.ts';
import { drafts, records, refresh, unsent } from '../src/state.ts';
import { finalised, FORM, freshPhone, recordNow, storedDraft } from './phone.ts';

beforeEach(freshPhone);

const FINISHED = { answers: { note: '一' }, files: [], name: '一', entities: [] };

describe('a draft', () => {
  test('is stored with its answers', async () => {
    const draft = await storedDraft('第二次');
    expect((await readDraft(draft.record.instance_id))?.body.saved.texts).toEqual({ note: '第二次' });
    expect(drafts.value).toHaveLength(1);
  });

  test('comes back after it was deleted', async () => {
    const { record } = await storedDraft();
    await discard(record.instance_id);
    expect(drafts.value).toHaveLength(0);
    await restore(record.instance_id);
    expect(drafts.value).toHaveLength(1);
  });

  test('is gone an hour after it was deleted, and not before', async () => {
    const { record } = await storedDraft();
    await discard(record.instance_id);
    await tidy(Date.now() + 30 * 60_000);
    expect(await readDraft(record.instance_id)).not.toBeNull();
    await tidy(Date.now() + 61 * 60_000);
    expect(await readDraft(record.instance_id)).toBeNull();
  });

  test('saved late does not write over the finalised record', async () => {
    const draft = await storedDraft();
    await finalise(draft, FINISHED);
    await saveDraft(draft);
    expect((await recordNow(draft.record.instance_id)).state).toBe('finalised');
  });

  test('of another person on this phone is not shown', async () => {
    const draft = await newDraft(FORM, [], '');
    draft.record.user_id = 'u2';
    await saveDraft(draft);
    await refresh();
    expect(records.value).toHaveLength(0);
  });
});

describe('finalising', () => {
  test('writes one text whose digest is the record’s', async () => {
    const record = await finalised('一');
    const body = await (await store()).get('bodies', record.instance_id);
    expect(record.digest).toBe(await digestOf(body?.payload ?? ''));
    expect(JSON.parse(body?.payload ?? '')).toMatchObject({
      instance_id: record.instance_id,
      form_id: 'visit',
      version: '1',
      answers: { note: '一' },
      meta: { utc_offset_min: 480, lists_cursor: 0 },
    });
  });

  test('happens once: a second window is refused', async () => {
    const draft = await storedDraft();
    await finalise(draft, FINISHED);
    await expect(finalise(draft, FINISHED)).rejects.toMatchObject({ code: 'not_a_draft' });
  });

  test('is refused while a photo is missing, and the draft stays', async () => {
    const draft = await storedDraft();
    const files = [{ sha256: 'a'.repeat(64), name: 'a.jpg', type: 'image/jpeg', bytes: 3 }];
    await expect(finalise(draft, { ...FINISHED, files })).rejects.toMatchObject({ code: 'file_missing' });
    expect((await recordNow(draft.record.instance_id)).state).toBe('draft');
  });

  test('that was deleted and is filled on stays', async () => {
    const { record } = await storedDraft();
    await discard(record.instance_id);
    const again = await readDraft(record.instance_id);
    if (again === null) throw new Error('the draft is gone');
    again.body.saved = { ...again.body.saved, texts: { note: '第二次' } };
    await saveDraft(again);
    await tidy(Date.now() + 61 * 60_000);
    expect((await readDraft(record.instance_id))?.body.saved.texts).toEqual({ note: '第二次' });
  });

  test('keeps the files it names through tidying', async () => {
    const file = await keepFile(new TextEncoder().encode('photo').buffer, 'image/jpeg', 'a.jpg');
    const orphan = await keepFile(new TextEncoder().encode('other').buffer, 'image/jpeg', 'b.jpg');
    await finalised('一', [file]);
    await tidy(Date.now() + 48 * 60 * 60_000);
    const kept = await (await store()).getAllKeys('files');
    expect(kept).toContain(file.sha256);
    expect(kept).not.toContain(orphan.sha256);
  });
});

describe('opening a record again', () => {
  test('keeps the id when it never left the phone', async () => {
    const record = await finalised();
    expect(await reopen(record.instance_id)).toBe(record.instance_id);
    expect((await recordNow(record.instance_id)).state).toBe('draft');
  });

  test('is refused once it may have reached the server', async () => {
    const record = await finalised();
    await (await store()).put('records', { ...record, n_attempts: 1 });
    expect(await reopen(record.instance_id)).toBe(record.instance_id);
    expect((await recordNow(record.instance_id)).state).toBe('finalised');
  });

  test('makes a copy under a new id after the server refused it, and keeps the old', async () => {
    const record = await finalised();
    await (await store()).put('records', { ...record, state: 'failed', n_attempts: 1 });
    const copy = await reopen(record.instance_id);
    expect(copy).not.toBe(record.instance_id);
    expect((await recordNow(record.instance_id)).replaced_by).toBe(copy);
    expect((await recordNow(copy)).state).toBe('draft');
    expect(unsent.value).toHaveLength(0);
  });
});

describe('leaving the phone', () => {
  test('is refused while a draft is there', async () => {
    await storedDraft();
    expect(await signOut()).toBe(false);
  });

  test('is refused while something is unsent', async () => {
    await finalised();
    expect(await signOut()).toBe(false);
  });

  test('the rescue file holds records, answers and files', async () => {
    const file = await keepFile(new TextEncoder().encode('photo').buffer, 'image/jpeg', 'a.jpg');
    const record = await finalised('一', [file]);
    const rescued: unknown = JSON.parse(await rescueText());
    expect(rescued).toMatchObject({
      app: 'lingyan',
      records: [{ instance_id: record.instance_id, body: { saved: { texts: { note: '一' } } } }],
      files: [{ sha256: file.sha256, base64: btoa('photo') }],
    });
  });
});
