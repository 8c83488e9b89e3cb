/** A question on a page, and hands that fill it: the widgets' tests share it. */
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeAll, beforeEach } from 'vitest';
import type { Filling, QuestionView } from '../src/filling.ts';
import { ListRows } from '../src/rows.ts';
import type { Desk } from '../src/widgets/context.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { Question } from '../src/widgets/Question.tsx';
import { loadRare } from '../src/widgets/rarely.ts';
import { find, formOf, open } from './compiled.ts';

export const FORM = await formOf(`
| survey |
| | type | name | label | required | relevant | constraint | constraint_message | appearance | default | required_message |
| | text | must | Must | yes | | | | | | say who |
| | text | who | Who | yes | | | | | |
| | integer | n | How many | | | . < 10 | too many | | |
| | select_one color | color | Colour | | | | | | |
| | select_multiple color | colors | Colours | | | | | | |
| | select_one color | quick | Quick colour | | | | | minimal | red |
| | text | why | Why **so** | | \${color} = 'red' | | | | |
| | note | told | <b>plain</b> **bold** | | | | | | |
| | select_one color | at_once | At once | | | | | quick columns-2 no-buttons | |
| | select_one scale | agree | Agree | | | | | likert | |
| | select_one scale | head | Head | | | | | label | |
| | select_one scale | row | Row | | | | | list-nolabel | |
| | select_one content | wordy | Wordy | | | | | likert | |
| | select_one content | wordy_head | Head | | | | | label | |
| | select_one content | wordy_row | Row | | | | | list-nolabel | |
| | select_one content | wordy_columns | Wordy columns | | | | | columns-4 | |
| | select_one village | village | Village | | | | | autocomplete | |
| | rank color | order | Order | | | | | | |
| | date | day | Day | | | | | no-calendar | |
| | date | month | Month | | | | | month-year | |
| | date | year | Year | | | | | year | |
| | integer | sum | Sum | | | | | thousands-sep | 1234567 |
| | integer | heads | Heads | | | | | counter | |
| | text | secret | Secret | | | | | masked | |
| choices |
| | list_name | name | label |
| | color | red | Red |
| | color | blue | Blue |
| | color | green | Green |
| | content | 1 | Very dissatisfied |
| | content | 2 | Dissatisfied |
| | content | 3 | Neither |
| | content | 4 | Satisfied |
| | content | 5 | Very satisfied |
| | scale | 1 | No |
| | scale | 2 | Perhaps |
| | scale | 3 | Yes |
| | village | v1 | 青龙村 |
| | village | v2 | 清水村 |
| | village | v3 | 草舍村 |`);

export const HELPED = await formOf(`
| survey |
| | type | name | label | hint | guidance_hint | required | appearance | parameters |
| | text | who | Who | a **name** | [more](https://example.cn) | yes | | |
| | range | score | Score | | | | | start=0 end=1 step=0.25 |
| | range | stars | Stars | | | | rating | start=0 end=5 step=1 |
| | range | pick | Pick | | | | picker | start=10 end=0 step=5 |
| | range | warmth | Warmth | | | | | start=0 end=10 step=5 tick_labelset=warmth |
| choices |
| | list_name | name | label |
| | warmth | 0 | cold |
| | warmth | 10 | hot |`);

export let place: HTMLElement;
export let filling: Filling;
export let asked = signal(false);
export let advanced: string[] = [];

beforeAll(loadRare);

/** Fill this form from now on. */
export function begin(form: Parameters<typeof open>[0]): void {
  filling = open(form);
}

beforeEach(() => {
  document.body.innerHTML = '<div id="place"></div>';
  place = document.getElementById('place') ?? document.body;
  begin(FORM);
  asked = signal(false);
  advanced = [];
});

/** Let everything that follows from it happen before the test goes on. */
export const doing = (work: () => void): void => void act(work);

export const q = (name: string): QuestionView => {
  const view = find(filling, name);
  if (view.kind !== 'question') throw new Error(`${name} is no question`);
  return view;
};

export function show(view: QuestionView, comments: Record<string, string> = {}): void {
  const desk: Desk = {
    filling,
    lists: new ListRows(),
    media: new Map(),
    comments,
    isAsked: asked,
    set: (target, text) => filling.set(target, text),
    advance: target => advanced.push(target.def.name),
    cameFrom: () => 0,
    follow: () => undefined,
    open: () => undefined,
    add: () => undefined,
    addAnother: () => undefined,
    remove: () => undefined,
  };
  doing(() =>
    render(
      <DeskProvider value={desk}>
        <Question key={view.path} view={view} />
      </DeskProvider>,
      place,
    ),
  );
}

export function field(): HTMLInputElement {
  const found = place.querySelector('input');
  if (!found) throw new Error('no field');
  return found;
}

export function type(text: string): void {
  doing(() => {
    field().value = text;
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export const all = (selector: string): HTMLElement[] => [...place.querySelectorAll<HTMLElement>(selector)];
export const tap = (element: Element | null | undefined): void =>
  doing(() => void element?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));

export function put(element: Element | null | undefined, text: string): void {
  if (!(element instanceof HTMLInputElement)) throw new Error('no field');
  doing(() => {
    element.value = text;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
