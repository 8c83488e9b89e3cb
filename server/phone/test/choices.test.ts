/** Choices in an order by chance, in several languages, and choices that nobody can make. */
import { expect, test } from 'vitest';
import { formOf, open, put, question, seen } from './compiled.ts';

const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join();

const FRUIT = `
| choices |
| | list_name | name | label::English (en) | label::中文 (zh) |
| | fruit | apple | Apple | 苹果 |
| | fruit | pear | Pear | 梨 |
| | fruit | plum | Plum | 李子 |
| | fruit | fig | Fig | 无花果 |
| | fruit | quince | Quince | 榅桲 |`;

test('an order by chance stays while the filling is open', async () => {
  const form = await formOf(`
| survey |
| | type | name | label::English (en) | label::中文 (zh) | parameters | choice_filter |
| | text | not | Not | 不要 | | |
| | select_one fruit | any | Any | 任选 | randomize=true | name != \${not} |${FRUIT}`);
  const filling = open(form);
  const any = question(filling, 'any');
  const first = names(any.choices.value);
  for (const choice of ['apple', 'fig', '']) {
    put(filling, 'any', choice);
    put(filling, 'not', 'none of them');
    put(filling, 'not', '');
    expect(names(any.choices.value)).toBe(first);
  }
  const orders = Array.from({ length: 40 }, () => names(question(open(form), 'any').choices.value));
  expect(new Set(orders).size).toBeGreaterThan(5);
});

test('a calculation with the label of a choice follows the language', async () => {
  const form = await formOf(`
| survey |
| | type | name | label::English (en) | label::中文 (zh) | calculation |
| | select_one fruit | one | One | 一 | |
| | calculate | word | | | jr:choice-name(\${one}, '\${one}') |
| | note | said | You said \${word} | 您选了\${word} | |${FRUIT}`);
  const filling = open(form, { language: 'en' });
  put(filling, 'one', 'fig');
  expect(question(filling, 'said').label.value).toBe('You said Fig');
  filling.language.value = 'zh';
  expect(seen(filling, 'word')).toBe('无花果');
  expect(question(filling, 'said').label.value).toBe('您选了无花果');
});

test('what was written over such a calculation stays in a draft, unless it is opened in another language', async () => {
  const form = await formOf(`
| survey |
| | type | name | label::English (en) | label::中文 (zh) | calculation |
| | select_one fruit | one | One | 一 | |
| | text | word | Word | 词 | jr:choice-name(\${one}, '\${one}') |${FRUIT}`);
  const filling = open(form, { language: 'en' });
  put(filling, 'one', 'fig');
  put(filling, 'word', 'my fig');
  const saved = filling.save();
  expect(seen(open(form, { language: 'en', saved }), 'word')).toBe('my fig');
  expect(seen(open(form, { language: 'zh', saved }), 'word')).toBe('无花果');
});

test('a calculated choice that the list lacks is no error: nobody could choose another', async () => {
  const form = await formOf(`
| survey |
| | type | name | label::English (en) | label::中文 (zh) | calculation | readonly |
| | select_one fruit | one | One | 一 | 'melon' | yes |${FRUIT}`);
  const filling = open(form);
  expect(seen(filling, 'one')).toBe('melon');
  expect(filling.errors()).toEqual([]);
});
