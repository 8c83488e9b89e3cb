/** What a filling gives and keeps: answers, drafts, its subject, the same after any sequence of answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftOf, openFilling } from '../src/filling.ts';
import type { Filling, FormModule, NodeDef } from '../src/filling.ts';
import { find, formOf, ListRows, NOON, open, put, question, repeat, seen } from './compiled.ts';
import { counted, FAMILY, restored, twoMembers, VISITS } from './fillings.ts';

describe('answers', () => {
  test('are shaped like the form, without what is empty or not relevant', () => {
    const filling = twoMembers();
    put(filling, 'county', 'b');
    put(filling, 'member[2]/age', '');
    expect(filling.serialise().answers).toEqual({
      n: 2,
      member: [
        { name: '安', age: 30, place: '1' },
        { name: '白', place: '2' },
      ],
      adults: '1',
      county: 'b',
      echo: '<>',
    });
  });

  test('have the type of their question', async () => {
    const module = await formOf(`
| survey |
| | type | name | label |
| | decimal | money | Money |
| | date | day | Day |
| | select_multiple c | many | Many |
| | geopoint | here | Here |
| | image | photo | Photo |
| | acknowledge | ok | OK |
| choices |
| | list_name | name | label |
| | c | a | A |
| | c | b | B |`);
    const filling = open(module);
    const file = { sha256: 'ab', name: 'p.jpg', bytes: 3, type: 'image/jpeg' };
    put(filling, 'money', '10850.00');
    put(filling, 'day', '2016-10-15');
    put(filling, 'many', 'a b');
    put(filling, 'here', '33.5 119.2 0 5');
    put(filling, 'photo', JSON.stringify(file));
    put(filling, 'ok', 'OK');
    const answers = {
      money: '10850.00',
      day: '2016-10-15',
      many: ['a', 'b'],
      here: [33.5, 119.2, 0, 5],
      photo: file,
      ok: 'OK',
    };
    expect(filling.serialise()).toEqual({ answers, files: [file] });
    expect(filling.errors()).toEqual([]);
    expect(open(module, { saved: draftOf(module, answers) }).serialise().answers).toEqual(answers);
  });

  test('may have names that every object has', async () => {
    const module = await formOf(`
| survey |
| | type | name | label | calculation |
| | text | constructor | C | |
| | text | __proto__ | P | |
| | calculate | toString | | concat(\${constructor}, \${__proto__}) |`);
    const filling = open(module);
    expect(seen(filling, 'toString')).toBe('');
    put(filling, '__proto__', 'p');
    expect(JSON.stringify(filling.serialise().answers)).toBe('{"__proto__":"p","toString":"p"}');
    expect(seen(restored(filling, module), 'constructor')).toBe('');
    expect(seen(restored(filling, module), '__proto__')).toBe('p');
  });
});

describe('drafts', () => {
  test('open exactly as they were left', () => {
    const filling = twoMembers();
    put(filling, 'county', 'a');
    put(filling, 'n', '1');
    const again = restored(filling);
    expect(again.save()).toEqual(filling.save());
    expect(again.serialise()).toEqual(filling.serialise());
    put(again, 'n', '2');
    expect(seen(again, 'member[2]/name')).toBe('白');
  });

  test('run neither defaults nor calculations again', () => {
    const { module, ran } = counted(VISITS);
    const saved = open(VISITS, { meta: { now: () => new Date('2016-01-01T04:00:00Z') } }).save();
    ran.clear();
    const again = open(module, { saved });
    expect(seen(again, 'on')).toBe('2016-01-01');
    expect(ran.size).toBe(0);
  });

  test('of another version keep answers and compute anew', () => {
    const saved = twoMembers().save();
    const texts = { ...saved.texts, total: 'old', gone: 'x' };
    const again = open(FAMILY, { saved: { ...saved, version: 'other', texts } });
    expect(seen(again, 'total')).toBe('42');
    expect('gone' in again.save().texts).toBe(false);
  });
});

const UNASKED = await formOf(`
| survey |
| | type | name | label | default | relevant |
| | text | has | Has | no | |
| | text | why | Why | none | \${has} = 'yes' |
| | begin_group | who | Who | | \${source} = 'user' |
| | text | source | Source | user | false() |
| | text | name | Name | An | |
| | end_group | | | | |
| | begin_group | kept | Kept | | \${keep} = 'yes' |
| | text | keep | Keep | yes | |
| | end_group | | | | |`);

describe('a draft from a record', () => {
  test('begins what was not asked as a new filling does, and leaves what was emptied', () => {
    const filling = open(UNASKED);
    put(filling, 'who/name', '');
    put(filling, 'has', '');
    const again = open(UNASKED, { saved: draftOf(UNASKED, filling.serialise().answers) });
    expect([seen(again, 'has'), seen(again, 'who/name')]).toEqual(['', '']);
    put(again, 'has', 'yes');
    expect(seen(again, 'why')).toBe('none');
  });

  test('shows what an answer decides that was not asked itself', () => {
    const filling = open(UNASKED);
    const { answers } = filling.serialise();
    expect(answers).toEqual({ has: 'no', who: { name: 'An' }, kept: { keep: 'yes' } });
    expect(open(UNASKED, { saved: draftOf(UNASKED, answers) }).serialise().answers).toEqual(answers);
  });

  test('does not bring back a group that an answer in it had hidden', () => {
    const filling = open(UNASKED);
    put(filling, 'kept/keep', 'no');
    const { answers } = filling.serialise();
    expect(answers['kept']).toBeUndefined();
    expect(open(UNASKED, { saved: draftOf(UNASKED, answers) }).serialise().answers).toEqual(answers);
  });
});

const SUBJECT = await formOf(`
| survey |
| | type | name | label | default | calculation | bind::ly:subject | save_to | repeat_count |
| | csv-external | household | | | | | | |
| | text | hh | Household | | | household | | |
| | text | head | Head | instance('household')/root/item[name = \${hh}]/label | | | | |
| | begin_repeat | member | Member | | | | | 2 |
| | calculate | key | | | once(uuid()) | | | |
| | text | village | Village | instance('household')/root/item[name = \${hh}]/village | | | | |
| | end_repeat | | | | | | | |`);
const household = new ListRows({ household: [{ name: 'h1', label: '李', village: 'v1' }] });

describe('a correction', () => {
  test('computes with the rows that lists have now, and keeps the answers', async () => {
    const module = await formOf(`
| survey |
| | type | name | label | calculation |
| | text | who | Who | |
| | calculate | line | | pulldata('lines', 'yuan', 'name', \${who}) |`);
    const lists = (yuan: string): ListRows => new ListRows({ lines: [{ name: '安', yuan }] });
    const before = open(module, { lists: lists('3000') });
    put(before, 'who', '安');
    const saved = before.save();
    const read = (more: Partial<typeof saved>): string[] => {
      const filling = open(module, { lists: lists('3200'), saved: { ...saved, ...more } });
      return [seen(filling, 'who'), seen(filling, 'line')];
    };
    expect(read({})).toEqual(['安', '3000']);
    expect(read({ isOutdated: true })).toEqual(['安', '3200']);
  });
});

describe('a subject', () => {
  test('is in place before defaults look at it, and read-only', () => {
    const filling = open(SUBJECT, { lists: household, subject: 'h1' });
    expect(seen(filling, 'hh')).toBe('h1');
    expect(question(filling, 'hh').readOnly.value).toBe(true);
    expect(seen(filling, 'head')).toBe('李');
    expect(seen(filling, 'member[2]/village')).toBe('v1');
  });

  test('stays with the draft', () => {
    const saved = open(SUBJECT, { lists: household, subject: 'h1' }).save();
    const again = open(SUBJECT, { saved });
    expect(question(again, 'hh').readOnly.value).toBe(true);
    expect(seen(again, 'head')).toBe('李');
  });

  test('leaves once() alone, and gives each instance its own', () => {
    const filling = open(SUBJECT, { lists: household, subject: 'h1' });
    const keys = [1, 2].map(index => seen(filling, `member[${index}]/key`));
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(seen(restored(filling, SUBJECT), 'member[1]/key')).toBe(keys[0]);
  });
});

describe('any sequence of answers', () => {
  const paths = (module: FormModule): NodeDef[] => {
    const all: NodeDef[] = [];
    const visit = (views: ReturnType<typeof open>['root']['children']): void => {
      for (const view of views) {
        if (view.kind === 'question') all.push(view.def);
        else if (view.kind === 'group') visit(view.children);
      }
    };
    visit(open(module).root.children);
    return all;
  };

  function act(filling: Filling, [what, where, text]: readonly [number, number, string]): void {
    const view = repeat(filling, filling.module === VISITS ? 'visit' : 'member');
    const instances = view.instances.value;
    if (view.isOpen && what === 0) filling.addRepeat(view);
    else if (view.isOpen && what === 1 && instances.length)
      filling.removeRepeat(view, where % instances.length);
    else {
      const inside = instances[where % (instances.length || 1)]?.children ?? [];
      const outside = paths(filling.module).map(def => find(filling, def.path));
      const all = [...inside, ...outside].filter(each => each.kind === 'question' && each.def.control);
      const chosen = all[where % all.length];
      if (chosen?.kind !== 'question') return;
      const { list } = chosen.def;
      const offered = chosen.choices.value;
      filling.set(chosen, list ? (offered[text.length]?.name ?? '') : text);
    }
  }

  test.each([
    ['family', FAMILY],
    ['visits', VISITS],
  ])('computes %s as if from scratch', (_, module) => {
    const step = fc.tuple(
      fc.nat(6),
      fc.nat(30),
      fc.constantFrom('', '1', '2', '3', 'a', 'b', 'v1', 'v3', '17'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), steps => {
        const filling = open(module);
        steps.forEach(each => act(filling, each));
        const saved = filling.save();
        const fresh = openFilling(module, {
          lists: new ListRows({}),
          language: 'zh',
          meta: { now: () => NOON },
          saved: { ...saved, version: 'to be computed anew' },
        });
        expect(fresh.serialise()).toEqual(filling.serialise());
        expect(fresh.errors().map(each => each.view.path)).toEqual(
          filling.errors().map(each => each.view.path),
        );
      }),
      { numRuns: 60 },
    );
  });
});
