import { describe, expect, test } from 'vitest';
import type { FormModule } from '../src/filling.ts';
import { hasComment, isPageShown, pagesOf, measuresOf } from '../src/pagination.ts';
import { Position } from '../src/position.ts';
import { find, formOf, open, put, question, repeat } from './compiled.ts';

const many = (n: number, start: number): string =>
  Array.from({ length: n }, (_, at) => `| | text | t${start + at} | T${start + at} | | |`).join('\n');

const FORM = await formOf(`
| survey |
| | type | name | label | relevant | required |
| | text | first | First | | |
| | begin_group | small | Small | | |
| | text | a | A | | |
| | text | b | B | \${a} = 'x' | yes |
| | end_group | | | | |
| | begin_group | hidden | Hidden | \${a} = 'y' | |
| | text | c | C | | |
| | end_group | | | | |
| | begin_repeat | member | Member | | |
| | text | name | Name | | yes |
| | begin_group | more | More | | |
| | text | age | Age | | yes |
| | end_group | | | | |
| | end_repeat | | | | |
| | begin_group | large | Large | | |
${many(45, 0)}
| | end_group | | | | |`);

const pagesIn = (module: FormModule) => {
  const filling = open(module);
  return { filling, pages: pagesOf(filling.root.children, measuresOf(module)) };
};
const names = (module: FormModule): string[][] =>
  pagesIn(module).pages.map(page => page.items.map(item => item.def.name));

const PAGED = await formOf(`
| survey |
| | type | name | label | appearance |
| | note | hello | Hello | |
| | text | first | First | |
| | text | second | Second | |
| | begin_group | both | Both | field-list |
| | text | a | A | |
| | text | b | B | |
| | end_group | | | |
| | begin_repeat | child | Child | |
| | text | c | C | |
| | text | d | D | |
| | end_repeat | | | |
| settings |
| | style |
| | pages |`);

const LONG = await formOf(`
| survey |
| | type | name | label | appearance |
| | begin_group | all | All | field-list |
${Array.from({ length: 40 }, (_, at) => `| | select_one ten | s${at} | S${at} | |`).join('\n')}
| | end_group | | | |
| choices |
| | list_name | name | label |
${Array.from({ length: 10 }, (_, at) => `| | ten | ${at} | Ten${at} |`).join('\n')}`);

test('style pages gives each question a page, notes with what they introduce, field lists whole', () => {
  expect(names(PAGED)).toEqual([['hello', 'first'], ['second'], ['both'], ['child']]);
  const filling = open(PAGED);
  const child = find(filling, 'child[1]/c');
  expect(child.path).toBe('child[1]/c');
  const [instance] = repeat(filling, 'child').instances.value;
  const inside = pagesOf(instance?.children ?? [], measuresOf(PAGED));
  expect(inside.map(page => page.items.map(item => item.def.name))).toEqual([['c', 'd']]);
});

test('a field list too large for a cheap phone is cut all the same', () => {
  const sizes = names(LONG).map(page => page.length);
  expect([sizes.length > 1, Math.max(...sizes) <= 21]).toEqual([true, true]);
});

describe('pages', () => {
  test('keep small groups whole, give repeats a page, and cut long runs', () => {
    const pages = names(FORM);
    expect(pages.slice(0, 4)).toEqual([['first'], ['small'], ['hidden'], ['member']]);
    expect(pages.slice(4).map(page => page.length)).toEqual([20, 20, 5]);
  });

  test('that nobody sees are passed over', () => {
    const filling = open(FORM);
    const position = new Position(filling, 1);
    expect(position.turn(1)).toBe(true);
    expect(position.here.value?.pages[position.here.value.index]?.items[0]?.def.name).toBe('member');
  });

  test('appear when an answer makes them relevant', () => {
    const { filling, pages } = pagesIn(FORM);
    const hidden = pages[2];
    expect(hidden && isPageShown(hidden)).toBe(false);
    put(filling, 'small/a', 'y');
    expect(hidden && isPageShown(hidden)).toBe(true);
  });
});

describe('going to a question', () => {
  test('opens the instance that holds it', () => {
    const filling = open(FORM);
    const position = new Position(filling, 0);
    const repeat = find(filling, 'member');
    if (repeat.kind !== 'repeat') throw new Error('no repeat');
    filling.addRepeat(repeat);
    const wrong = filling.errors().find(({ view }) => view.path.endsWith('age'));
    if (wrong) position.follow(position.wayTo(wrong.view));
    expect(position.depth.value).toBe(1);
    expect(wrong && position.around(wrong.view)).toHaveLength(1);
  });

  test('starts a correction at the first page with a comment', () => {
    const filling = open(FORM);
    const position = new Position(filling, 0, { 'small/a': '请改' });
    expect(position.rootPage).toBe(1);
    expect(question(filling, 'small/a').path).toBe('small/a');
  });

  test('a comment on another question with the same beginning is not of this page', () => {
    const { pages } = pagesIn(FORM);
    expect(pages.map(page => hasComment(page, { 'smaller/a': 'x' })).some(Boolean)).toBe(false);
  });
});

test('the instance one came out of is remembered, so that its list opens there again', () => {
  const filling = open(FORM);
  const members = repeat(filling, 'member');
  question(filling, 'member[3]/name');
  const third = members.instances.value[2];
  const position = new Position(filling, 3);
  if (third) position.enter(members, third);
  position.leaveTo(0);
  expect(position.lastLeft).toBe(third?.key);
});
