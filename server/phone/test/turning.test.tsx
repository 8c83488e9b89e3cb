// @vitest-environment jsdom
/** Turning the pages of a form with hasty fingers. */
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, test, vi } from 'vitest';
import { blankDraft } from '../src/draft.ts';
import type { OpenFilling } from '../src/open.ts';
import { FillPage } from '../src/pages/FillPage.tsx';
import { Position } from '../src/position.ts';
import { ListRows } from '../src/rows.ts';
import { KEEPS_NOTHING } from '../src/trial/trial.ts';
import type { Desk } from '../src/widgets/context.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { formOf, open } from './compiled.ts';

const FORM = await formOf(`
| survey |
| | type | name | label | required | appearance |
| | begin_group | one | One | | field-list |
| | text | a | A | | |
| | end_group | | | | |
| | begin_group | two | Two | | field-list |
| | text | b | B | yes | |
| | end_group | | | | |
| | begin_group | three | Three | | field-list |
| | text | c | C | | |
| | end_group | | | | |`);

const nothing = (): void => undefined;
let position: Position;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('scrollTo', nothing); // not in jsdom
  Element.prototype.scrollIntoView = nothing;
  const filling = open(FORM);
  const draft = blankDraft({ form_id: 'f', version: '1', title: {}, digest: '' });
  const opened: OpenFilling = {
    draft,
    returned: undefined,
    filling,
    lists: new ListRows(),
    media: new Map(),
  };
  const desk: Desk = {
    filling,
    lists: opened.lists,
    media: opened.media,
    comments: {},
    isAsked: signal(false),
    set: nothing,
    advance: nothing,
    cameFrom: () => 0,
    open: nothing,
    add: nothing,
    remove: nothing,
    follow: nothing,
    addAnother: nothing,
  };
  position = new Position(filling, 0);
  void act(() => {
    render(null, document.body);
    render(
      <DeskProvider value={desk}>
        <FillPage opened={opened} position={position} keeper={KEEPS_NOTHING} title="" End={() => <p />} />
      </DeskProvider>,
      document.body,
    );
  });
});

/** Tap the button so many times at once, as a nervous thumb does; 0 taps are a key's. */
function tap(look: 'look-main' | 'slim', ...details: number[]): void {
  for (const detail of details) {
    void act(() => {
      const button = document.querySelector(`.fill-bar .${look}`);
      button?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail }));
    });
  }
}

const later = (): void => void act(() => void vi.advanceTimersByTime(1000));

test('a double tap turns one page', () => {
  tap('look-main', 1, 1);
  expect(position.rootPage).toBe(1);
  expect(document.querySelector('.q-error')).toBeNull();
});

test('a double tap does not go past what is missing before it was seen', () => {
  tap('look-main', 1);
  later();
  tap('look-main', 1, 1);
  expect(position.rootPage).toBe(1);
  expect(document.querySelector('.q-error')).not.toBeNull();
  later();
  tap('look-main', 1);
  expect(position.rootPage).toBe(2);
  later();
  tap('slim', 1, 1);
  expect(position.rootPage).toBe(1);
});

test('keys turn as fast as they are pressed', () => {
  tap('look-main', 0, 0, 0);
  expect(position.rootPage).toBe(2);
});
