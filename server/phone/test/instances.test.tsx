// @vitest-environment jsdom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Open } from '../src/pages/Open.tsx';
import { fillInMemory, KEEPS_NOTHING } from '../src/trial/trial.ts';
import { formOf } from './compiled.ts';

const FORM = await formOf(`
| survey |
| | type | name | label | required |
| | begin_repeat | person | Person | |
| | text | who | Name | yes |
| | text | job | Job | |
| | end_repeat | | | |`);

const ANOTHER = '再添加一项';
let seenRow = '';

beforeEach(() => {
  seenRow = '';
  vi.stubGlobal('scrollTo', () => undefined); // not in jsdom
  Element.prototype.scrollIntoView = function scrolled(this: Element) {
    seenRow = this.textContent;
  };
  history.replaceState(null, '', '#/new/people');
  begin();
});

afterEach(leave);

function begin(): void {
  const opened = fillInMemory(FORM);
  const open = <Open opened={opened} keeper={KEEPS_NOTHING} isStored={false} End={() => null} />;
  void act(() => render(open, document.body));
}

function leave(): void {
  void act(() => render(null, document.body));
}

const button = (text: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find(each => each.textContent.includes(text));

async function tap(text: string): Promise<void> {
  await act(() => button(text)?.click());
}

function type(text: string): void {
  const field = document.querySelector('input');
  if (!field) throw new Error('no field');
  field.value = text;
  for (const event of ['input', 'change']) {
    void act(() => void field.dispatchEvent(new Event(event, { bubbles: true })));
  }
}

const rows = (): string[] => [...document.querySelectorAll('.cell-title')].map(each => each.textContent);
const backInList = (): Promise<void> => vi.waitFor(() => expect(rows()).not.toEqual([]));

test('one instance after the other is entered without going back to the list between', async () => {
  await tap('第 1 项');
  type('Anna');
  await tap(ANOTHER);
  expect(document.querySelector('h2')?.textContent).toContain('第 2 项');
  type('Bert');
  await tap('完成');
  await backInList();
  expect(rows()).toEqual(['第 1 项 · Anna', '第 2 项 · Bert']);
  await vi.waitFor(() => expect(seenRow).toContain('Bert'));
});

test('going on to another instance past something missing takes a second tap', async () => {
  await tap('第 1 项');
  await tap(ANOTHER);
  expect(document.querySelector('h2')?.textContent).toContain('第 1 项');
  expect(document.querySelector('.q-error')?.textContent).not.toBe('');
  await tap(ANOTHER);
  expect(document.querySelector('h2')?.textContent).toContain('第 2 项');
});

test('one more is offered at the end of the last instance alone', async () => {
  await tap('第 1 项');
  type('Anna');
  await tap(ANOTHER);
  type('Bert');
  await tap('完成');
  await backInList();
  await tap('Anna');
  expect(button(ANOTHER)).toBeUndefined();
  expect(button('删除这一项')).toBeDefined();
});

test('a draft first answered inside an instance keeps its address in the list too', async () => {
  await tap('第 1 项');
  type('Anna');
  await tap('完成');
  await backInList();
  expect(location.hash).toMatch(/^#\/fill\//);
});

test('a page that was loaded anew inside an instance leaves the next one with one tap', async () => {
  await tap('第 1 项');
  leave();
  begin();
  await vi.waitFor(() => expect(history.state).toBeNull());
  await tap('第 1 项');
  type('Anna');
  await tap('完成');
  await backInList();
  expect(rows()).toEqual(['第 1 项 · Anna']);
});

test('whoever leaves an instance by the contents leaves the next one with one tap too', async () => {
  await tap('第 1 项');
  type('Anna');
  await act(() => document.querySelector<HTMLElement>('[aria-label="目录"]')?.click());
  await tap('Person');
  await backInList();
  await tap('Anna');
  await tap('完成');
  await backInList();
  expect(rows()).toEqual(['第 1 项 · Anna']);
});

test('the item that was added last is in sight in a list of many', async () => {
  for (let n = 1; n <= 109; n++) await tap(n === 1 ? '第 1 项' : ANOTHER).then(() => type(`P${n}`));
  await tap('完成');
  await backInList();
  await vi.waitFor(() => expect(seenRow).toContain('P109'));
});
