/** `last-saved`: a new filling reads the answers of the record of the same form that was finished before. */
import { beforeEach, describe, expect, test } from 'vitest';
import { store } from '../src/db.ts';
import type { FormModule } from '../src/filling.ts';
import { LAST_SAVED, lastSaved } from '../src/lastsaved.ts';
import { openLists } from '../src/lists.ts';
import { finalise, newDraft, startCorrection } from '../src/outbox.ts';
import type { Draft } from '../src/draft.ts';
import { refresh } from '../src/state.ts';
import { formOf, open, put, seen } from './compiled.ts';
import { CADRE, FORM, freshPhone, recordNow } from './phone.ts';

const STREET = await formOf(`
| survey |
| | type | name | label | default | calculation |
| | begin_group | place | Place | | |
| | text | street | Street | \${last-saved#street} | |
| | select_multiple kind | kinds | Kinds | \${last-saved#kinds} | |
| | end_group | | | | |
| | integer | number | Number | | |
| | calculate | next | | | if(\${last-saved#number} = '', 1, \${last-saved#number} + 1) |
| choices |
| | list_name | name | label |
| | kind | a | A |
| | kind | b | B |`);

beforeEach(freshPhone);

async function begin(module: FormModule, formId = FORM.form_id): Promise<Draft> {
  const [use] = module.lists;
  const before = await lastSaved(formId, use?.columns ?? []);
  return newDraft({ ...FORM, form_id: formId }, [LAST_SAVED], '', [before]);
}

async function filled(
  draft: Draft,
  texts: Readonly<Record<string, string>> = {},
): Promise<ReturnType<typeof open>> {
  const filling = open(STREET, { lists: await openLists(STREET.lists, draft.body.pinned) });
  for (const [path, text] of Object.entries(texts)) put(filling, path, text);
  return filling;
}

async function finish(texts: Readonly<Record<string, string>>, formId = FORM.form_id): Promise<string> {
  const draft = await begin(STREET, formId);
  const { answers, files } = (await filled(draft, texts)).serialise();
  return (await finalise(draft, { answers, files, name: '', entities: [] })).instance_id;
}

describe('last-saved', () => {
  test('is empty before anything was saved', async () => {
    const filling = await filled(await begin(STREET));
    expect([seen(filling, 'place/street'), seen(filling, 'next')]).toEqual(['', '1']);
  });

  test('gives the answers of the record finished last, whatever the clock said', async () => {
    await finish({ 'place/street': '东街', 'place/kinds': 'a b', number: '7' });
    await finish({ 'place/street': '西街', 'place/kinds': 'b', number: '8' });
    const filling = await filled(await begin(STREET));
    expect([seen(filling, 'place/street'), seen(filling, 'place/kinds')]).toEqual(['西街', 'b']);
    expect(seen(filling, 'next')).toBe('9');
  });

  test('is of the same form and the same person', async () => {
    await finish({ 'place/street': '东街' }, 'other');
    expect(seen(await filled(await begin(STREET)), 'place/street')).toBe('');
    await finish({ 'place/street': '西街' });
    await (await store()).put('meta', { token: 't', user: { ...CADRE, user_id: 'u2' }, town: {} }, 'session');
    await refresh();
    expect(seen(await filled(await begin(STREET)), 'place/street')).toBe('');
  });

  test('stays in a draft what it was when that was begun', async () => {
    await finish({ 'place/street': '东街', number: '1' });
    const draft = await begin(STREET);
    await finish({ 'place/street': '西街', number: '5' });
    expect(seen(await filled(draft), 'place/street')).toBe('东街');
  });

  test('stays what it was in a correction', async () => {
    await finish({ number: '1' });
    const id = await finish({ number: '5' });
    const record = await recordNow(id);
    await (await store()).put('records', { ...record, state: 'sent' });
    await refresh();
    const submission = { root_id: id, instance_id: id, form_id: FORM.form_id } as Parameters<
      typeof startCorrection
    >[0];
    const begun = (await startCorrection(submission, [LAST_SAVED])) ?? '';
    const body = await (await store()).get('bodies', begun);
    expect(body?.pinned.local).toMatchObject([{ list_name: LAST_SAVED, data: { number: '1' } }]);
  });
});
