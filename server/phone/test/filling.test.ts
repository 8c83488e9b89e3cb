/** A filling computes: values, relevance, repeats, choices, labels and errors. */
import { describe, expect, test } from 'vitest';
import { language } from '../src/settings.ts';
import { formOf, group, ListRows, open, put, question, repeat, seen } from './compiled.ts';
import { counted, FAMILY, twoMembers, VISITS } from './fillings.ts';

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

  test('computes with an answer as its record will have it', async () => {
    const module = await formOf(`
| survey |
| | type | name | label | default | calculation |
| | integer | n | N | 007 | |
| | geopoint | at | At | 1.50 2.0 0.0 0 | |
| | calculate | said | | | concat(\${n}, '!') |
| | calculate | lat | | | selected-at(\${at}, 0) |`);
    const filling = open(module);
    expect([seen(filling, 'said'), seen(filling, 'lat')]).toEqual(['7!', '1.5']);
    put(filling, 'n', '-0');
    put(filling, 'at', '0.0000001 2.50');
    expect(filling.serialise().answers).toEqual({ n: 0, at: [1e-7, 2.5], said: '0!', lat: '0.0000001' });
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

test('what stands in a read-only group is read-only while the group is', async () => {
  const filling = open(
    await formOf(`
| survey |
| | type | name | label | read_only |
| | integer | n | N | |
| | begin_group | g | G | \${n} > 3 |
| | text | a | A | |
| | text | b | B | \${n} = 1 |
| | begin_repeat | r | R | |
| | text | c | C | |
| | end_repeat | | | |
| | end_group | | | |`),
  );
  const closed = (): boolean[] =>
    ['g/a', 'g/b', 'g/r[1]/c'].map(path => question(filling, path).readOnly.value);
  expect(closed()).toEqual([false, false, false]);
  put(filling, 'n', '1');
  expect(closed()).toEqual([false, true, false]);
  put(filling, 'n', '4');
  expect(closed()).toEqual([true, true, true]);
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

  test('come back where they were, with all that was answered, when their removal is undone', () => {
    const filling = open(VISITS);
    put(filling, 'visit[1]/cost', '10');
    put(filling, 'visit[2]/cost', '30');
    put(filling, 'visit[3]/cost', '60');
    const [, second] = repeat(filling, 'visit').instances.value;
    const undo = filling.removeRepeat(repeat(filling, 'visit'), 1);
    put(filling, 'visit[2]/cost', '70');
    expect(seen(filling, 'total')).toBe('80');
    undo();
    undo();
    expect(repeat(filling, 'visit').instances.value).toHaveLength(3);
    expect(repeat(filling, 'visit').instances.value[1]).toBe(second);
    expect(seen(filling, 'total')).toBe('110');
    expect(seen(filling, 'visit[2]/share')).toBe(String(30 / 110));
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
  });

  test('are in the words and the language of the app where the form has none', () => {
    const filling = open(FAMILY);
    put(filling, 'n', '1.5');
    filling.language.value = 'en';
    expect(question(filling, 'n').error.value).toBe('请填写整数');
    language.value = 'en';
    expect(question(filling, 'n').error.value).toBe('Enter a whole number.');
    language.value = 'zh';
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
