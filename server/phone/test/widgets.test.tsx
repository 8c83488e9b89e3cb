// @vitest-environment jsdom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Filling, QuestionView } from '../src/filling.ts';
import { ListRows } from '../src/rows.ts';
import type { Desk } from '../src/widgets/context.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { Question } from '../src/widgets/Question.tsx';
import { loadRare } from '../src/widgets/rarely.ts';
import { shownValue } from '../src/widgets/shown.ts';
import { find, formOf, open } from './compiled.ts';

const FORM = await formOf(`
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

const HELPED = await formOf(`
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

let place: HTMLElement;
let filling: Filling;
let asked = signal(false);
let advanced: string[] = [];

beforeAll(loadRare);

beforeEach(() => {
  document.body.innerHTML = '<div id="place"></div>';
  place = document.getElementById('place') ?? document.body;
  filling = open(FORM);
  asked = signal(false);
  advanced = [];
});

/** Let everything that follows from it happen before the test goes on. */
const doing = (work: () => void): void => void act(work);

const q = (name: string): QuestionView => {
  const view = find(filling, name);
  if (view.kind !== 'question') throw new Error(`${name} is no question`);
  return view;
};

function show(view: QuestionView, comments: Record<string, string> = {}): void {
  const desk: Desk = {
    filling,
    lists: new ListRows(),
    media: new Map(),
    comments,
    isAsked: asked,
    set: (target, text) => filling.set(target, text),
    advance: target => advanced.push(target.def.name),
    cameFrom: () => 0,
    open: () => undefined,
    add: () => undefined,
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

function field(): HTMLInputElement {
  const found = place.querySelector('input');
  if (!found) throw new Error('no field');
  return found;
}

function type(text: string): void {
  doing(() => {
    field().value = text;
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
}

describe('a text field', () => {
  test('takes what is typed', () => {
    show(q('who'));
    type('王建国');
    expect(q('who').value.value).toBe('王建国');
  });

  test('keeps full-width letters and digits as plain ones, and the rest as it is', () => {
    show(q('who'));
    type('３２０９９９１９６８０３１５１０１Ｘ，王 建国。');
    expect(q('who').value.value).toBe('32099919680315101X，王 建国。');
  });

  test('waits for the input method to finish', () => {
    show(q('who'));
    doing(() => void field().dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true })));
    type('wang');
    expect(q('who').value.value).toBe('');
    doing(() => {
      field().value = '王';
      field().dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    });
    expect(q('who').value.value).toBe('王');
  });

  test('shows an answer that came from elsewhere', () => {
    show(q('who'));
    doing(() => filling.set(q('who'), '李'));
    expect(field().value).toBe('李');
  });
});

describe('a number field', () => {
  test('takes full-width digits', () => {
    show(q('n'));
    type('１２');
    expect(q('n').value.value).toBe('12');
  });

  test.each([
    ['１０，８５０。５', '10850.5'],
    ['10,850', '10850'],
    [' 1 0 ', '10'],
    ['－３', '-3'],
  ])('takes %s as a Chinese keyboard gives it', (given, kept) => {
    show(q('n'));
    type(given);
    expect(q('n').value.value).toBe(kept);
  });

  test('says what is wrong only once it is left', async () => {
    show(q('n'));
    doing(() => field().focus());
    type('12');
    expect(place.textContent).not.toContain('too many');
    doing(() => field().blur());
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(place.textContent).toContain('too many');
  });
});

describe('choices', () => {
  test('one is chosen by a tap, and an optional one can be cleared', () => {
    show(q('color'));
    doing(() => field().click());
    expect(q('color').value.value).toBe('red');
    doing(() => place.querySelector<HTMLButtonElement>('.small-link')?.click());
    expect(q('color').value.value).toBe('');
  });

  test('several keep the order in which they were ticked', () => {
    show(q('colors'));
    const [red, blue] = [...place.querySelectorAll('input')];
    doing(() => blue?.click());
    doing(() => red?.click());
    expect(q('colors').value.value).toBe('blue red');
  });

  test('in a panel: a tap on what is chosen already closes it', () => {
    show(q('quick'));
    doing(() => place.querySelector<HTMLButtonElement>('button.pick')?.click());
    const chosen = place.querySelector<HTMLInputElement>('dialog input:checked');
    doing(() => void chosen?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));
    expect(place.querySelector('dialog')).toBeNull();
    expect(q('quick').value.value).toBe('red');
  });
});

describe('around a question', () => {
  test('it is there only while it is relevant', () => {
    show(q('why'));
    expect(place.textContent).toBe('');
    doing(() => filling.set(q('color'), 'red'));
    expect(place.textContent).toContain('Why so');
  });

  test('a missing answer shows when the page was asked', () => {
    show(q('who'));
    expect(place.querySelector('.q-error')).toBeNull();
    doing(() => void (asked.value = true));
    expect(place.querySelector('.q-error')).not.toBeNull();
  });

  test('what is missing is said in the form’s own words, where it has some', () => {
    show(q('must'));
    doing(() => void (asked.value = true));
    expect(place.querySelector('.q-error')?.textContent).toBe('say who');
  });

  test('what is missing stays in sight when the cursor is put there', () => {
    show(q('who'));
    doing(() => void (asked.value = true));
    doing(() => field().focus());
    expect(place.querySelector('.q-error')?.textContent).toBe('请填写此项');
    type('王');
    expect(place.querySelector('.q-error')).toBeNull();
  });

  test('the office’s comment stands beside it', () => {
    show(q('who'), { who: '请写全名' });
    expect(place.querySelector('.q-comment')?.textContent).toContain('请写全名');
  });
});

const all = (selector: string): HTMLElement[] => [...place.querySelectorAll<HTMLElement>(selector)];
const tap = (element: Element | null | undefined): void =>
  doing(() => void element?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));

function put(element: Element | null | undefined, text: string): void {
  if (!(element instanceof HTMLInputElement)) throw new Error('no field');
  doing(() => {
    element.value = text;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

describe('appearances of choices', () => {
  test('quick goes on after a tap, but not while arrow keys move', () => {
    show(q('at_once'));
    doing(() => field().click());
    expect(advanced).toEqual([]);
    tap(all('input')[1]);
    expect([q('at_once').value.value, advanced]).toEqual(['blue', ['at_once']]);
  });

  test('columns and no-buttons are laid out so', () => {
    show(q('at_once'));
    const box = all('.choices')[0];
    expect(box?.className).toBe('choices is-columns no-buttons');
    expect(box?.style.getPropertyValue('--columns')).toBe('2');
  });

  test('a scale whose words would be cut apart stands below each other, and rows of a table say their own', () => {
    show(q('wordy'));
    expect(all('.is-list > .choice')).toHaveLength(5);
    show(q('wordy_head'));
    expect(all('.is-labels')).toHaveLength(0);
    show(q('wordy_row'));
    expect(all('.is-list > .choice')[1]?.textContent).toBe('Dissatisfied');
  });

  test('columns are fewer than wanted where words would be cut apart', () => {
    show(q('wordy_columns'));
    expect(all('.choices')[0]?.style.getPropertyValue('--columns')).toBe('2');
  });

  test('likert puts its labels below each other’s points', () => {
    show(q('agree'));
    expect(all('.is-likert > .choice').map(each => each.textContent)).toEqual(['No', 'Perhaps', 'Yes']);
  });

  test('a table shows labels once, and says them at each button', () => {
    show(q('head'));
    expect([all('input').length, place.textContent]).toEqual([0, 'HeadNoPerhapsYes']);
    expect(all('fieldset, label')).toHaveLength(0);
    show(q('row'));
    expect(all('input').map(each => each.getAttribute('aria-label'))).toEqual(['No', 'Perhaps', 'Yes']);
    expect(place.textContent).toBe('Row');
  });

  test('autocomplete opens a panel that finds by pinyin initials', () => {
    show(q('village'));
    tap(all('.pick')[0]);
    put(place.querySelector('[type=search]'), 'qsc');
    expect(all('dialog .choice').map(each => each.textContent)).toEqual(['清水村']);
    tap(all('dialog input[type=radio]')[0]);
    expect([q('village').value.value, place.querySelector('dialog')]).toEqual(['v2', null]);
  });

  test('choices are ranked by tapping, and the last one follows by itself', () => {
    show(q('order'));
    tap(all('.rank .choice')[2]);
    expect(q('order').value.value).toBe('green');
    tap(all('.rank button.choice')[0]);
    expect(q('order').value.value).toBe('green red blue');
    tap(all('[aria-label="下移"]')[0]);
    expect(q('order').value.value).toBe('red green blue');
  });
});

describe('dates in parts', () => {
  test('a whole date is kept once its last part is there', () => {
    show(q('day'));
    const [year, month, day] = all('input');
    put(year, '１９５８');
    put(month, '3');
    expect([q('day').value.value, place.textContent]).toEqual(['', expect.stringContaining('没有填完整')]);
    put(day, '9');
    expect(q('day').value.value).toBe('1958-03-09');
  });

  test('month-year and year are kept as their first day and shown without it', () => {
    show(q('month'));
    const [year, month] = all('input');
    put(year, '2016');
    put(month, '10');
    expect(q('month').value.value).toBe('2016-10-01');
    show(q('year'));
    put(all('input')[0], '1999');
    expect([q('year').value.value, all('input').length]).toEqual(['1999-01-01', 1]);
  });
});

describe('numbers', () => {
  test('thousands are set off until somebody types', () => {
    show(q('sum'));
    expect(field().value).toBe('1,234,567');
    doing(() => field().focus());
    expect(field().value).toBe('1234567');
    type('7654321');
    doing(() => field().blur());
    expect([field().value, q('sum').value.value]).toEqual(['7,654,321', '7654321']);
  });

  test('a counter counts', () => {
    show(q('heads'));
    const [less, more] = all('button.round');
    tap(more);
    tap(more);
    tap(less);
    expect(q('heads').value.value).toBe('1');
  });

  test('a field among buttons is called by its question', () => {
    show(q('heads'));
    const named = field().getAttribute('aria-labelledby') ?? '';
    expect(document.getElementById(named)?.textContent).toBe('Heads');
  });
});

describe('a range', () => {
  beforeEach(() => (filling = open(HELPED)));

  test('keeps its steps exact, and is unset until it is touched', () => {
    show(q('score'));
    expect(place.querySelector('.is-unset')).not.toBeNull();
    const more = all('button.round')[1];
    tap(more);
    expect(q('score').value.value).toBe('0.00');
    tap(more);
    expect(q('score').value.value).toBe('0.25');
    expect(all('.ticks span').map(each => each.textContent)).toEqual([
      '0.00',
      '0.25',
      '0.50',
      '0.75',
      '1.00',
    ]);
  });

  test('shows the form’s own labels at its ticks', () => {
    show(q('warmth'));
    expect(all('.ticks span').map(each => each.textContent)).toEqual(['cold', '', 'hot']);
  });

  test('as stars', () => {
    show(q('stars'));
    doing(() => (all('input')[3] as HTMLInputElement).click());
    expect([q('stars').value.value, all('.is-lit').length]).toEqual(['4', 4]);
  });

  test('as a list that counts down', () => {
    show(q('pick'));
    expect(all('option').map(each => (each as HTMLOptionElement).value)).toEqual(['', '10', '5', '0']);
  });
});

describe('for those who don’t see the page', () => {
  beforeEach(() => (filling = open(HELPED)));

  test('a field says its label, its hint, and that it must be filled', () => {
    show(q('who'));
    doing(() => void (asked.value = true));
    const about = field().getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(about.map(id => document.getElementById(id)?.textContent)).toEqual(['a name', '请填写此项']);
    expect([field().getAttribute('aria-required'), field().labels?.[0]?.textContent]).toEqual([
      'true',
      'Who*',
    ]);
    expect(place.querySelector('[role=alert]')?.textContent).toBe('请填写此项');
  });

  test('several buttons stand in a fieldset with the question as its legend', () => {
    filling = open(FORM);
    show(q('color'));
    expect(place.querySelector('fieldset > legend')?.textContent).toBe('Colour');
  });

  test('guidance folds out', () => {
    show(q('who'));
    expect(place.querySelector('details a')?.getAttribute('href')).toBe('https://example.cn');
    expect(place.querySelector('details')?.open).toBe(false);
  });
});

test('a masked answer shows as dots also where it is only read', () => {
  doing(() => filling.set(q('secret'), '320999'));
  expect(shownValue(q('secret'), new ListRows())).toBe('••••••');
});
