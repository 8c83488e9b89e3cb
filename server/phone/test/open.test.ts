import { beforeEach, describe, expect, test } from 'vitest';
import { findQuestion, placed } from '../src/comments.ts';
import { returnedFor } from '../src/outbox.ts';
import { store } from '../src/db.ts';
import { DraftKeeper } from '../src/keeper.ts';
import { holdDraft } from '../src/open.ts';
import { ListRows } from '../src/rows.ts';
import type { OpenFilling } from '../src/open.ts';
import { newDraft, readDraft, startCorrection } from '../src/outbox.ts';
import { drafts, refresh } from '../src/state.ts';
import type { SubmissionChange } from '../src/wire.ts';
import { find, formOf, open, put } from './compiled.ts';
import { finalised, FORM, freshPhone, recordNow } from './phone.ts';

const VISIT = await formOf(`
| survey |
| | type | name | label | calculation |
| | text | note | Note | |
| | calculate | size | | string-length(\${note}) |
| | begin_repeat | member | Member | |
| | begin_group | base | Base | |
| | text | name | Name | |
| | end_group | | | |
| | end_repeat | | | |`);

beforeEach(freshPhone);

async function opened(): Promise<OpenFilling> {
  return {
    draft: await newDraft(FORM, [], ''),
    returned: undefined,
    filling: open(VISIT),
    lists: new ListRows(),
    media: new Map(),
  };
}
const trouble = (error: unknown): void => {
  throw error;
};

describe('a draft being filled', () => {
  test('is stored soon after an answer', async () => {
    const filling = await opened();
    const keeper = new DraftKeeper(filling, false, trouble);
    put(filling.filling, 'note', '一');
    keeper.changed();
    await new Promise(resolve => setTimeout(resolve, 200));
    await keeper.flush();
    expect((await readDraft(filling.draft.record.instance_id))?.body.saved.texts).toMatchObject({
      note: '一',
    });
  });

  test('is stored while answers come faster than it takes to store them', async () => {
    const filling = await opened();
    const keeper = new DraftKeeper(filling, false, trouble);
    for (let n = 0; n < 8; n++) {
      put(filling.filling, 'note', `第${n}字`);
      keeper.changed();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect(await readDraft(filling.draft.record.instance_id)).not.toBeNull();
    await keeper.leave();
  });

  test('opens on the page it was left at', async () => {
    const filling = await opened();
    const keeper = new DraftKeeper(filling, false, trouble);
    put(filling.filling, 'note', '一');
    keeper.changed();
    await keeper.flush();
    keeper.turned(1);
    await keeper.leave();
    expect((await readDraft(filling.draft.record.instance_id))?.body.page).toBe(1);
  });

  test('is not made by looking through the pages of a new form', async () => {
    const filling = await opened();
    const keeper = new DraftKeeper(filling, false, trouble);
    keeper.turned(1);
    await keeper.leave();
    expect(drafts.value).toHaveLength(0);
  });

  test('is stored at once when the page is left', async () => {
    const filling = await opened();
    const keeper = new DraftKeeper(filling, false, trouble);
    put(filling.filling, 'note', '一');
    keeper.changed();
    await keeper.leave();
    expect(drafts.value.map(record => record.instance_id)).toEqual([filling.draft.record.instance_id]);
  });

  test('is not stored when nothing was answered', async () => {
    const filling = await opened();
    await new DraftKeeper(filling, false, trouble).leave();
    expect(drafts.value).toHaveLength(0);
  });

  test('is not stored again once it is finalised', async () => {
    const filling = await opened();
    const keeper = new DraftKeeper(filling, false, trouble);
    keeper.changed();
    await keeper.submit();
    keeper.changed();
    await keeper.leave();
    expect((await readDraft(filling.draft.record.instance_id))?.record.state).toBe('finalised');
  });

  test('belongs to one window at a time', async () => {
    const release = await holdDraft('a');
    expect(release).not.toBeNull();
    expect(await holdDraft('a')).toBeNull();
    release?.();
    await new Promise(resolve => setTimeout(resolve, 10));
    const again = await holdDraft('a');
    expect(again).not.toBeNull();
    again?.();
  });
});

describe('a correction', () => {
  async function returned(): Promise<SubmissionChange> {
    const record = await finalised('旧');
    await (await store()).put('records', { ...record, state: 'sent', outcome: 'accepted' });
    const submission: SubmissionChange = {
      kind: 'submission',
      seq: 9,
      root_id: record.instance_id,
      instance_id: record.instance_id,
      form_id: record.form_id,
      form_version: '1',
      review_state: 'returned',
      review_level: 'town',
      passed_level: '',
      title: '',
      comment: '请补',
      comments: { note: '写清楚' },
      due_on: '',
      files_missing: [],
      is_withdrawn: false,
      duplicate_of: '',
    };
    await (await store()).put('submissions', submission);
    await refresh();
    return submission;
  }

  test('begins with the answers that were sent, under a new id', async () => {
    const submission = await returned();
    const id = (await startCorrection(submission, [])) ?? '';
    expect(id).not.toBe(submission.instance_id);
    expect((await readDraft(id))?.body.saved).toMatchObject({ texts: { note: '旧' }, isOutdated: true });
    expect(await recordNow(id)).toMatchObject({ deprecated_id: submission.instance_id, state: 'draft' });
    expect(returnedFor(await recordNow(id))).toEqual(submission);
  });

  test('is begun once: asking again opens the same draft', async () => {
    const submission = await returned();
    expect(await startCorrection(submission, [])).toBe(await startCorrection(submission, []));
  });

  test('is not possible on a phone without the record', async () => {
    const submission = await returned();
    expect(await startCorrection({ ...submission, instance_id: 'elsewhere' }, [])).toBeNull();
  });
});

describe('comments', () => {
  test('find their question, also inside a repeat', () => {
    const filling = open(VISIT);
    const name = find(filling, 'member[2]/base/name');
    expect(findQuestion(filling.root.children, 'member[2]/base/name')).toBe(name);
  });

  test('on a calculation or on nothing are kept without one', () => {
    const filling = open(VISIT);
    const comments = placed(filling.root.children, { size: 'a', 'member[9]/base/name': 'b', note: 'c' });
    expect(comments.map(({ text, view }) => [text, view?.path])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', 'note'],
    ]);
  });
});
