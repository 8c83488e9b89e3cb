import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftOf, openFilling } from '../src/filling.ts';
import type { Filling, FormModule, NodeDef, SavedFilling } from '../src/filling.ts';
import { find, formOf, group, ListRows, NOON, open, put, question, repeat, seen } from './compiled.ts';

const FAMILY = await formOf(`
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | required | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | calculation | repeat_count | choice_filter | default | readonly |
| | integer | n | 人数 | How many | | yes | . < 10 | 太多 | Too many, {} | | | | | |
| | begin_repeat | member | 成员 | Member \${name} | | | | | | | \${n} | | | |
| | text | name | 姓名 | Name | | yes | | | | | | | | |
| | integer | age | 年龄 | Age of \${name} | \${name} != '' | | . >= 0 | | | | | | | |
| | calculate | place | | | | | | | | position(..) | | | | |
| | end_repeat | | | | | | | | | | | | | |
| | calculate | total | | | | | | | | sum(\${age}) | | | | |
| | calculate | adults | | | | | | | | count(\${member}[age >= 18]) | | | | |
| | select_one county | county | 县 | County | | | | | | | | | | |
| | select_one village | village | 村 | Village | | | | | | | | county = \${county} | | |
| | begin_group | poor | 贫困 | Poor | \${county} = 'a' | | | | | | | | | |
| | begin_group | why | 原因 | Why | | | | | | | | | | |
| | text | cause | 致贫原因 | Cause | | yes | | | | | | | ill | |
| | calculate | shout | | | | | | | | concat(\${cause}, '!') | | | | |
| | end_group | | | | | | | | | | | | | |
| | end_group | | | | | | | | | | | | | |
| | calculate | echo | | | | | | | | concat('<', \${shout}, '>') | | | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | county |
| | county | a | 甲 | A | |
| | county | b | 乙 | B | |
| | village | v1 | 一 | One | a |
| | village | v2 | 二 | Two | a |
| | village | v3 | 三 | Three | b |`);

const VISITS = await formOf(`
| survey |
| | type | name | label | calculation | default | trigger |
| | begin_repeat | visit | Visit | | | |
| | text | who | Who | | concat('nobody', position(..)) | |
| | integer | cost | Cost | | | |
| | calculate | share | | \${cost} div sum(../../visit/cost) | | |
| | end_repeat | | | | | |
| | calculate | total | | sum(/data/visit/cost) | | |
| | calculate | last | | /data/visit[last()]/who | | |
| | text | town | Town | | | |
| | text | noted | Noted | concat('seen ', \${town}) | | \${town} |
| | date | on | On | | today() | |`);

/** The same form, counting how often each computation ran. */
function counted(module: FormModule): { module: FormModule; ran: Map<string, number> } {
  const ran = new Map<string, number>();
  const nodes = module.nodes.map(node => {
    const { calculate, relevant } = node;
    const count = (what: string): void =>
      void ran.set(`${node.name}.${what}`, (ran.get(`${node.name}.${what}`) ?? 0) + 1);
    return {
      ...node,
      ...(calculate && {
        calculate: (c: Parameters<typeof calculate>[0]) => (count('calculate'), calculate(c)),
      }),
      ...(relevant && { relevant: (c: Parameters<typeof relevant>[0]) => (count('relevant'), relevant(c)) }),
    };
  });
  return { module: { ...module, nodes }, ran };
}

function twoMembers(): Filling {
  const filling = open(FAMILY);
  put(filling, 'n', '2');
  put(filling, 'member[1]/name', '安');
  put(filling, 'member[1]/age', '30');
  put(filling, 'member[2]/name', '白');
  put(filling, 'member[2]/age', '12');
  return filling;
}

const restored = (filling: Filling, module = FAMILY): Filling =>
  open(module, { saved: JSON.parse(JSON.stringify(filling.save())) as SavedFilling });

describe('computing', () => {
  test('recomputes only what reads the answer', () => {
    const { module, ran } = counted(FAMILY);
    const filling = open(module);
    ran.clear();
    put(filling, 'poor/why/cause', 'flood');
    expect(Object.fromEntries(ran)).toEqual({});
    put(filling, 'county', 'a');
    ran.clear();
    put(filling, 'poor/why/cause', 'drought');
    expect(Object.fromEntries(ran)).toEqual({ 'shout.calculate': 1, 'echo.calculate': 1 });
  });

  test('recomputes inside one instance only', () => {
    const { module, ran } = counted(FAMILY);
    const filling = open(module);
    put(filling, 'n', '9');
    ran.clear();
    put(filling, 'member[5]/name', '五');
    expect(ran.get('age.relevant')).toBe(1);
  });

  test('adds up and counts over instances', () => {
    const filling = twoMembers();
    expect(seen(filling, 'total')).toBe('42');
    expect(seen(filling, 'adults')).toBe('1');
    put(filling, 'member[2]/age', '18');
    expect(seen(filling, 'adults')).toBe('2');
  });

  test('keeps what a shrunken count took away', () => {
    const filling = twoMembers();
    put(filling, 'n', '1');
    expect(repeat(filling, 'member').instances.value).toHaveLength(1);
    expect(seen(filling, 'total')).toBe('30');
    put(filling, 'n', '12');
    put(filling, 'n', '2');
    expect(seen(filling, 'member[2]/name')).toBe('白');
    expect(seen(filling, 'total')).toBe('42');
  });

  test('leaves the instances while the count is empty', () => {
    const filling = twoMembers();
    put(filling, 'n', '');
    expect(repeat(filling, 'member').instances.value).toHaveLength(2);
  });

  test('limits a count typed by mistake', () => {
    const filling = open(FAMILY);
    put(filling, 'n', '99999999');
    expect(repeat(filling, 'member').instances.value).toHaveLength(1000);
  });
});

describe('relevance', () => {
  test('hides an answer from expressions and brings it back', () => {
    const filling = twoMembers();
    put(filling, 'member[1]/name', '');
    expect(seen(filling, 'total')).toBe('12');
    expect(question(filling, 'member[1]/age').relevant.value).toBe(false);
    put(filling, 'member[1]/name', '安');
    expect(seen(filling, 'member[1]/age')).toBe('30');
    expect(seen(filling, 'total')).toBe('42');
  });

  test('of a group holds for everything below', () => {
    const filling = open(FAMILY);
    expect(seen(filling, 'echo')).toBe('<>');
    expect(group(filling, 'poor/why').relevant.value).toBe(false);
    put(filling, 'county', 'a');
    expect(question(filling, 'poor/why/cause').relevant.value).toBe(true);
    expect(seen(filling, 'echo')).toBe('<ill!>');
    put(filling, 'county', 'b');
    expect(seen(filling, 'echo')).toBe('<>');
  });

  test('of a view follows its group', () => {
    const filling = open(FAMILY);
    const cause = question(filling, 'poor/why/cause');
    expect(cause.relevant.value).toBe(false);
    put(filling, 'county', 'a');
    expect(cause.relevant.value).toBe(true);
  });
});

describe('repeats that a person extends', () => {
  test('begin with one instance', () => {
    const view = repeat(open(VISITS), 'visit');
    expect(view.isOpen).toBe(true);
    expect(view.instances.value).toHaveLength(1);
  });

  test('number, add up and name anew when one is removed', () => {
    const filling = open(VISITS);
    put(filling, 'visit[1]/cost', '10');
    put(filling, 'visit[2]/cost', '30');
    put(filling, 'visit[3]/cost', '60');
    expect(seen(filling, 'visit[2]/share')).toBe('0.3');
    const [, second] = repeat(filling, 'visit').instances.value;
    filling.removeRepeat(repeat(filling, 'visit'), 0);
    expect(second?.path).toBe('visit[1]');
    expect(seen(filling, 'total')).toBe('90');
    expect(seen(filling, 'visit[1]/cost')).toBe('30');
    expect(Number(seen(filling, 'visit[1]/share'))).toBeCloseTo(1 / 3, 12);
  });

  test('keep their views and keys when another is removed', () => {
    const filling = open(VISITS);
    filling.addRepeat(repeat(filling, 'visit'));
    const [, second] = repeat(filling, 'visit').instances.value;
    filling.removeRepeat(repeat(filling, 'visit'), 0);
    expect(repeat(filling, 'visit').instances.value[0]).toBe(second);
  });

  test('say which is the last', () => {
    const filling = open(VISITS);
    filling.addRepeat(repeat(filling, 'visit'));
    expect(seen(filling, 'last')).toBe('nobody2');
    filling.removeRepeat(repeat(filling, 'visit'), 1);
    expect(seen(filling, 'last')).toBe('nobody1');
  });
});

describe('defaults and triggers', () => {
  test('run once, at the start or when an instance is added', () => {
    const filling = open(VISITS);
    expect(seen(filling, 'on')).toBe('2016-10-15');
    put(filling, 'visit[1]/who', 'me');
    filling.addRepeat(repeat(filling, 'visit'));
    expect(seen(filling, 'visit[1]/who')).toBe('me');
    expect(seen(filling, 'visit[2]/who')).toBe('nobody2');
  });

  test('run when the question they watch changes, and only then', () => {
    const filling = open(VISITS);
    expect(seen(filling, 'noted')).toBe('');
    put(filling, 'town', 'Lin');
    expect(seen(filling, 'noted')).toBe('seen Lin');
    put(filling, 'noted', 'mine');
    put(filling, 'town', 'Lin');
    expect(seen(filling, 'noted')).toBe('mine');
  });
});

describe('choices', () => {
  test('follow their filter and the language', () => {
    const filling = open(FAMILY);
    const labels = (): string[] => question(filling, 'village').choices.value.map(choice => choice.label);
    expect(labels()).toEqual([]);
    put(filling, 'county', 'a');
    expect(labels()).toEqual(['一', '二']);
    filling.language.value = 'en';
    expect(labels()).toEqual(['One', 'Two']);
  });

  test('stay the same array while nothing about them changes', () => {
    const filling = open(FAMILY);
    put(filling, 'county', 'a');
    const before = question(filling, 'village').choices.value;
    put(filling, 'village', 'v1');
    expect(question(filling, 'village').choices.value).toBe(before);
  });

  test('take an answer away that is no longer offered', () => {
    const filling = open(FAMILY);
    put(filling, 'county', 'a');
    put(filling, 'village', 'v2');
    put(filling, 'county', 'b');
    expect(seen(filling, 'village')).toBe('');
  });

  test('may have a space in their name', async () => {
    const module = await formOf(`
| survey |
| | type | name | label | choice_filter |
| | text | county | County | |
| | select_one town | town | Town | county = \${county} |
| choices |
| | list_name | name | label | county |
| | town | New Lin | Lin | a |`);
    const filling = open(module);
    put(filling, 'county', 'a');
    put(filling, 'town', 'New Lin');
    expect(filling.errors()).toEqual([]);
    expect(filling.serialise().answers).toEqual({ county: 'a', town: 'New Lin' });
  });

  test('of a list are looked up by its key, not by trying every row', async () => {
    const module = await formOf(`
| survey |
| | type | name | label | choice_filter | calculation |
| | csv-external | household | | | |
| | text | where | Where | | |
| | select_one_from_file household.csv | hh | Household | village = \${where} | |
| | calculate | head | | | instance('household')/root/item[name = \${hh}]/label |`);
    const rows = [
      { name: 'h1', label: '李', village: 'v1' },
      { name: 'h2', label: '王', village: 'v2' },
    ];
    const lists = new ListRows({ household: rows });
    const filling = open(module, {
      lists: {
        rows: () => {
          throw new Error('all rows');
        },
        by: (...key) => lists.by(...key),
      },
    });
    put(filling, 'where', 'v2');
    expect(question(filling, 'hh').choices.value.map(choice => choice.label)).toEqual(['王']);
    put(filling, 'hh', 'h2');
    expect(seen(filling, 'head')).toBe('王');
  });
});

describe('labels', () => {
  test('show answers in the language chosen', () => {
    const filling = twoMembers();
    filling.language.value = 'en';
    const [, second] = repeat(filling, 'member').instances.value;
    expect(second?.label.value).toBe('Member 白');
    put(filling, 'member[2]/name', 'Bo');
    expect(second?.label.value).toBe('Member Bo');
    expect(question(filling, 'member[2]/age').label.value).toBe('Age of Bo');
  });
});

describe('errors', () => {
  test('name what stands in the way, relevant questions only', () => {
    const filling = twoMembers();
    put(filling, 'member[2]/name', '');
    put(filling, 'member[1]/age', '-1');
    const found = filling.errors().map(({ view, kind }) => `${view.path}:${kind}`);
    expect(found).toEqual(['member[1]/age:constraint', 'member[2]/name:required']);
  });

  test('of an empty required answer show only once asked', () => {
    const filling = open(FAMILY);
    expect(question(filling, 'n').error.value).toBe('');
    filling.errors();
    expect(question(filling, 'n').error.value).toBe('请填写此项');
  });

  test('show at once when an answer breaks a rule, in the language chosen', () => {
    const filling = open(FAMILY);
    put(filling, 'n', '11');
    expect(question(filling, 'n').error.value).toBe('太多');
    filling.language.value = 'en';
    expect(question(filling, 'n').error.value).toBe('Too many, {}');
    put(filling, 'n', '1.5');
    expect(question(filling, 'n').error.value).toBe('Enter a whole number.');
  });
});

describe('an answer that is not offered', () => {
  test('is an error', () => {
    const filling = open(FAMILY);
    put(filling, 'n', '0');
    put(filling, 'county', 'z');
    expect(filling.errors().map(({ view, kind }) => `${view.path}:${kind}`)).toEqual(['county:choice']);
  });
});

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
