/** Rows that a record creates: each with an id of its own, made once, which drafts and corrections keep. */
import { describe, expect, test } from 'vitest';
import { draftOf } from '../src/filling.ts';
import { formOf, open, put, repeat } from './compiled.ts';

const PEOPLE = await formOf(`
| survey | | | | |
| | type | name | label | save_to |
| | begin_repeat | m | M | |
| | text | who | Who | person#who |
| | end_repeat | | | |
| entities | | |
| | list_name | label |
| | person | \${who} |`);

describe('rows that a record creates', () => {
  const filled = (): ReturnType<typeof open> => {
    const filling = open(PEOPLE);
    put(filling, 'm[1]/who', '王建军');
    put(filling, 'm[2]/who', '李秀英');
    return filling;
  };

  test('have an id each', () => {
    const ids = filled()
      .entities()
      .map(each => each.entity_id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every(id => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
  });

  test('keep it in a draft, in a correction, and when another row is taken out', () => {
    const filling = filled();
    const before = filling.entities();
    expect(open(PEOPLE, { saved: filling.save() }).entities()).toEqual(before);
    const { answers } = filling.serialise();
    const corrected = open(PEOPLE, { saved: draftOf(PEOPLE, answers) });
    expect(corrected.entities()).toEqual(before);
    corrected.removeRepeat(repeat(corrected, 'm'), 0);
    expect(corrected.entities().map(each => each.entity_id)).toEqual([before[1]?.entity_id]);
  });
});
