// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { ListRows } from '../src/rows.ts';
import { shownValue } from '../src/widgets/shown.ts';
import { asked, begin, doing, field, filling, FORM, HELPED, place, q, show, type } from './desk.tsx';

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

describe('for those who don’t see the page', () => {
  beforeEach(() => begin(HELPED));

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
    begin(FORM);
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
