// @vitest-environment jsdom
/** What happens to answers when the page is closed before the store took them. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { takeUp } from '../src/aside.ts';
import { store, writeMeta } from '../src/db.ts';
import { DraftKeeper } from '../src/keeper.ts';
import { ListRows } from '../src/rows.ts';
import type { OpenFilling } from '../src/open.ts';
import { newDraft, readDraft } from '../src/outbox.ts';
import { clear } from '../src/wipe.ts';
import { formOf, open, put } from './compiled.ts';
import { FORM, freshPhone } from './phone.ts';

const VISIT = await formOf(`
| survey |
| | type | name | label |
| | text | note | Note |
| | text | more | More |`);

vi.mock('../src/client.ts', () => ({ sync: () => Promise.resolve({ ok: false, kind: 'offline' }) }));

/** The store goes away under a page that is being closed. */
const trouble = (): void => undefined;

let opened: OpenFilling;
let keeper: DraftKeeper;

beforeEach(async () => {
  localStorage.clear();
  await freshPhone();
  opened = {
    draft: await newDraft(FORM, [], ''),
    returned: undefined,
    filling: open(VISIT),
    lists: new ListRows(),
    media: new Map(),
  };
  keeper = new DraftKeeper(opened, false, trouble);
});

const id = (): string => opened.draft.record.instance_id;
const stored = async (): Promise<Readonly<Record<string, string>> | undefined> =>
  (await readDraft(id()))?.body.saved.texts;

function answer(name: string, text: string): void {
  put(opened.filling, name, text);
  keeper.changed();
}

/** Keep the store busy, as a slow phone's is, until the function that comes back is called. */
async function busyStore(): Promise<() => Promise<void>> {
  const tx = (await store()).transaction(['records', 'bodies'], 'readwrite');
  let isBusy = true;
  const go = async (): Promise<void> => {
    while (isBusy) await tx.objectStore('records').get('');
  };
  const going = go();
  return async () => {
    isBusy = false;
    await going;
    await tx.done;
  };
}

/** Wait until the store was given a draft and hasn't committed it; a slow phone takes a while for that. */
async function whileCommitting(): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the store it belongs to
  const { put: really } = IDBObjectStore.prototype;
  const put = vi.spyOn(IDBObjectStore.prototype, 'put');
  await new Promise<void>(resolve => {
    put.mockImplementation(function (this: IDBObjectStore, value, key) {
      if (this.name === 'bodies') resolve();
      return really.call(this, value, key);
    });
  });
  put.mockRestore();
}

/** The page closes and is opened again, on a phone whose store had taken nothing of the draft. */
async function reopen(): Promise<void> {
  await freshPhone();
  expect(await stored()).toBeUndefined();
  await takeUp();
}

describe('an answer', () => {
  test('that the store had not taken when the page closed is there when it opens again', async () => {
    answer('note', '一');
    keeper.parting();
    await reopen();
    expect(await stored()).toEqual({ note: '一' });
    expect(localStorage).toHaveLength(0);
  });

  test('is set aside while it waits for a slow store', async () => {
    const calm = await busyStore();
    answer('note', '一');
    void keeper.flush();
    await Promise.resolve();
    answer('more', '二');
    void keeper.flush();
    await reopen();
    expect(await stored()).toEqual({ note: '一', more: '二' });
    await calm();
  });

  test('is in a draft that is opened again while an earlier one is still being committed', async () => {
    answer('note', '一');
    void keeper.flush();
    await whileCommitting();
    answer('more', '二');
    const left = keeper.leave();
    expect(await stored()).toEqual({ note: '一', more: '二' });
    await left;
    expect(localStorage).toHaveLength(0);
  });

  test('is not kept twice once the store has it', async () => {
    answer('note', '一');
    keeper.parting();
    expect(localStorage).toHaveLength(1);
    await keeper.flush();
    expect(localStorage).toHaveLength(0);
  });
});

describe('what was set aside', () => {
  const setAsideAt = (changed_at: string, text: string): void => {
    const { record, body } = opened.draft;
    const draft = {
      record: { ...record, changed_at },
      body: { ...body, saved: { ...body.saved, texts: { note: text } } },
    };
    localStorage.setItem(`lingyan-aside-${id()}`, JSON.stringify(draft));
  };

  test('stays behind what was stored later', async () => {
    answer('note', '后来');
    await keeper.flush();
    setAsideAt('2016-01-01T00:00:00.000Z', '原来');
    await takeUp();
    expect(await stored()).toEqual({ note: '后来' });
    expect(localStorage).toHaveLength(0);
  });

  test('does not make a draft of a finished record again', async () => {
    answer('note', '一');
    await keeper.submit();
    setAsideAt('2999-01-01T00:00:00.000Z', '二');
    await takeUp();
    expect((await readDraft(id()))?.record.state).toBe('finalised');
  });

  test('is dropped with everything else when the phone is cleared', async () => {
    await writeMeta('wipe', { state: 'asked', token: '' });
    setAsideAt('2999-01-01T00:00:00.000Z', '二');
    await clear();
    expect(localStorage).toHaveLength(0);
  });
});
