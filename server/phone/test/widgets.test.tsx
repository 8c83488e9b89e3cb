// @vitest-environment jsdom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Filling, QuestionView } from '../src/filling.ts';
import { ListRows } from '../src/lists.ts';
import { Rich } from '../src/parts.tsx';
import type { Desk } from '../src/widgets/context.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { Question } from '../src/widgets/Question.tsx';
import { find, formOf, open } from './compiled.ts';

const FORM = await formOf(`
| survey |
| | type | name | label | required | relevant | constraint | constraint_message | appearance | default |
| | text | who | Who | yes | | | | | |
| | integer | n | How many | | | . < 10 | too many | | |
| | select_one color | color | Colour | | | | | | |
| | select_multiple color | colors | Colours | | | | | | |
| | select_one color | quick | Quick colour | | | | | minimal | red |
| | text | why | Why **so** | | \${color} = 'red' | | | | |
| | note | told | <b>plain</b> **bold** | | | | | | |
| choices |
| | list_name | name | label |
| | color | red | Red |
| | color | blue | Blue |`);

let place: HTMLElement;
let filling: Filling;
let asked = signal(false);

beforeEach(() => {
  document.body.innerHTML = '<div id="place"></div>';
  place = document.getElementById('place') ?? document.body;
  filling = open(FORM);
  asked = signal(false);
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
    comments,
    isAsked: asked,
    set: (target, text) => filling.set(target, text),
    open: () => undefined,
    add: () => undefined,
    remove: () => undefined,
  };
  doing(() =>
    render(
      <DeskProvider value={desk}>
        <Question view={view} />
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

  test('the office’s comment stands beside it', () => {
    show(q('who'), { who: '请写全名' });
    expect(place.querySelector('.q-comment')?.textContent).toContain('请写全名');
  });

  test('author’s text is text, whatever it looks like, and stars make it bold', () => {
    doing(() => render(<Rich text="<b>plain</b> **bold**" />, place));
    expect(place.innerHTML).toBe('<span class="line">&lt;b&gt;plain&lt;/b&gt; <b>bold</b></span>');
  });
});
