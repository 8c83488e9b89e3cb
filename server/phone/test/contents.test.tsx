// @vitest-environment jsdom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { ListRows } from '../src/rows.ts';
import { Contents } from '../src/pages/Contents.tsx';
import { Position } from '../src/position.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { formOf, open } from './compiled.ts';

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

test('a page without a title goes by what is read first on it', () => {
  const filling = open(FORM);
  const desk = {
    filling,
    lists: new ListRows(),
    media: new Map<string, string>(),
    comments: {},
    isAsked: signal(false),
    set: () => undefined,
    advance: () => undefined,
    cameFrom: () => 0,
    open: () => undefined,
    add: () => undefined,
    remove: () => undefined,
  };
  Element.prototype.scrollIntoView = () => undefined; // not in jsdom
  const nothing = (): void => undefined;
  void act(() =>
    render(
      <DeskProvider value={desk}>
        <Contents position={new Position(filling, 0)} onClose={nothing} onFinish={nothing} />
      </DeskProvider>,
      document.body,
    ),
  );
  const titles = [...document.querySelectorAll('.cell-title')].map(each => each.textContent);
  expect(titles).toEqual(['Basics', 'Content with']);
});
