// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { advanced, all, begin, doing, field, HELPED, place, put, q, show, tap, type } from './desk.tsx';

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
  beforeEach(() => begin(HELPED));

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
