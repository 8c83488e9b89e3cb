// @vitest-environment jsdom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, test } from 'vitest';
import type { Filling } from '../src/filling.ts';
import { languageOf } from '../src/modules.ts';
import { Contents } from '../src/pages/Contents.tsx';
import type { Step } from '../src/pagination.ts';
import { Position } from '../src/position.ts';
import { ListRows } from '../src/rows.ts';
import { spoken } from '../src/settings.ts';
import type { Desk } from '../src/widgets/context.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { Repeat } from '../src/widgets/Repeat.tsx';
import { find, formOf, open, put, repeat } from './compiled.ts';

const FORM = await formOf(`
| survey |
| | type | name | label | appearance |
| | begin_group | basics | Basics | field-list |
| | text | who | Who | |
| | end_group | | | |
| | begin_group | table | Content with | table-list |
| | select_one yn | roads | Roads | |
| | end_group | | | |
| choices |
| | list_name | name | label |
| | yn | 1 | Yes |
| | yn | 0 | No |`);

const FAMILY = await formOf(`
| survey |
| | type | name | label::English | label::中文 | required | constraint | default |
| | text | village | Village | 村 | yes | | |
| | begin_repeat | member | Member | 成员 | | | |
| | text | kind | Kind | 类别 | | | 人 |
| | note | hello | Ask each | 请逐人询问 | | | |
| | acknowledge | ok | Agreed | 同意 | | | |
| | select_one yn | lives | Lives here | 常住 | | | |
| | text | name | Name | 姓名 | yes | | |
| | integer | age | Age | 年龄 | | . < 130 | |
| | end_repeat | | | | | | |
| | begin_repeat | pig | Pig | 猪 | | | |
| | text | mark | Mark | 耳标 | | | |
| | end_repeat | | | | | | |
| choices |
| | list_name | name | label::English | label::中文 |
| | yn | 1 | Yes | 是 |
| | yn | 0 | No | 否 |
| settings |
| | default_language |
| | 中文 |`);

const nothing = (): void => undefined;

function deskOf(filling: Filling): Desk {
  return {
    filling,
    lists: new ListRows(),
    media: new Map<string, string>(),
    comments: { 'member[2]/age': '请核对' },
    isAsked: signal(false),
    set: nothing,
    advance: nothing,
    cameFrom: () => 0,
    follow: nothing,
    open: nothing,
    add: nothing,
    addAnother: nothing,
    remove: () => undefined,
  };
}

let gone: readonly Step[] = [];

function show(filling: Filling, position = new Position(filling, 0)): void {
  const go = (steps: readonly Step[]): void => void (gone = steps);
  void act(() =>
    render(
      <DeskProvider value={deskOf(filling)}>
        <Contents position={position} onClose={nothing} onGo={go} onFinish={nothing} />
      </DeskProvider>,
      document.body,
    ),
  );
}

const cells = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('button.cell')];
const titles = (): (string | null)[] =>
  [...document.querySelectorAll('.cell-title')].map(each => each.textContent);
const tags = (cell: HTMLElement | undefined): (string | null)[] =>
  [...(cell?.querySelectorAll('.tag') ?? [])].map(each => each.textContent);

beforeEach(() => {
  Element.prototype.scrollIntoView = nothing; // not in jsdom
  void act(() => render(null, document.body));
  spoken.value = '';
});

test('a page without a title goes by what is read first on it', () => {
  show(open(FORM));
  expect(titles()).toEqual(['Basics', 'Content with']);
});

/** Two members of whom one is named, and the other much too old. */
function family(): Filling {
  const filling = open(FAMILY);
  put(filling, 'member[1]/name', '张三');
  put(filling, 'member[1]/ok', 'OK');
  put(filling, 'member[1]/lives', '1');
  put(filling, 'member[2]/age', '131');
  return filling;
}

test('a page says how many answers are wrong on it and how many are missing, and the whole how many in all', () => {
  show(family());
  const [village, member] = cells();
  expect(tags(village)).toEqual(['1 题必填', '●']);
  expect(tags(member)).toEqual(['意见', '1 处有误', '1 题必填']);
  expect(document.body.textContent).toContain('还有 3 处需要处理');
});

test('instances are told apart by their number and first answer, each with what is left to do', () => {
  show(family());
  expect(titles()).toEqual(['村', '成员', '成员 第 1 项 · 张三', '成员 第 2 项 · 131', '猪', '猪 第 1 项']);
  expect(tags(cells()[2])).toEqual([]);
  expect(tags(cells()[3])).toEqual(['意见', '1 处有误', '1 题必填']);
});

test('an instance is one tap away', () => {
  const filling = family();
  const position = new Position(filling, 0);
  show(filling, position);
  cells()[3]?.click();
  position.follow(gone);
  expect(position.here.value?.instance).toBe(repeat(filling, 'member').instances.value[1]);
});

test('many instances stay on the page that lists them, but for the one at hand', () => {
  const filling = open(FAMILY);
  put(filling, 'member[30]/name', '李四');
  const position = new Position(filling, 0);
  const [last] = repeat(filling, 'member').instances.value.slice(-1);
  if (last) position.follow([{ page: 1, repeat: repeat(filling, 'member'), instance: last }]);
  show(filling, position);
  expect(titles()).toEqual(['村', '成员', '成员 第 30 项 · 李四', '猪', '猪 第 1 项']);
  expect(cells()[1]?.textContent).toContain('共 30 项');
  expect(cells()[2]?.getAttribute('aria-current')).toBe('step');
});

test('the form is filled in any of its languages', () => {
  const filling = open(FAMILY);
  show(filling);
  const choice = document.querySelector('select');
  expect([...(choice?.options ?? [])].map(each => each.text)).toEqual(['English', '中文']);
  if (choice) choice.value = 'English';
  choice?.dispatchEvent(new Event('change', { bubbles: true }));
  expect(languageOf(FAMILY)).toBe('English');
});

function showList(filling: Filling): void {
  void act(() =>
    render(
      <DeskProvider value={deskOf(filling)}>
        <Repeat view={repeat(filling, 'member')} />
      </DeskProvider>,
      document.body,
    ),
  );
}

test('what opened the contents has the focus again when they close', () => {
  const opener = document.createElement('button');
  document.documentElement.append(opener);
  opener.focus();
  show(open(FORM));
  document.querySelector<HTMLElement>('.sheet .bar-button')?.focus();
  void act(() => render(null, document.body));
  expect(document.activeElement).toBe(opener);
  opener.remove();
});

test('a language that is only a code goes by its name', async () => {
  show(
    open(
      await formOf(`
| survey |
| | type | name | label::zh | label::sw |
| | text | who | 谁 | Nani |`),
    ),
  );
  expect([...document.querySelectorAll('option')].map(({ text }) => text)).toEqual(['中文', '斯瓦希里语']);
});

test('the list of a repeat names its instances and says what is left to do in each', () => {
  showList(family());
  expect(titles()).toEqual(['第 1 项 · 张三', '第 2 项 · 131']);
  expect(cells().map(tags)).toEqual([[], ['1 处有误', '1 题必填']]);
  expect(document.querySelector('.cell-note')?.textContent).toBe('是');
});

test('a label that an answer completes names an instance, in the list without what all share', async () => {
  const filling = open(
    await formOf(`
| survey |
| | type | name | label |
| | begin_repeat | member | Member \${name} |
| | text | name | Name |
| | end_repeat | | |`),
  );
  put(filling, 'member[1]/name', '张三');
  find(filling, 'member[2]/name');
  showList(filling);
  expect(titles()).toEqual(['张三', 'Member 第 2 项']);
  void act(() => render(null, document.body));
  show(filling);
  expect(titles()).toEqual(['Member', 'Member 张三', 'Member 第 2 项']);
});
