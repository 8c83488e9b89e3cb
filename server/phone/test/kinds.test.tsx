// @vitest-environment jsdom
/** Which field each type and appearance gets, and what it makes of an answer. */
import { beforeEach, describe, expect, test } from 'vitest';
import { formOf } from './compiled.ts';
import { all, begin, doing, field, filling, place, put, q, show, tap } from './desk.tsx';

const LOOKS: Readonly<Record<string, string>> = {
  list: 'is-likert',
  horizontal: 'is-columns',
  quickcompact: 'is-columns',
  'compact-2': 'is-columns',
  'columns-pack': 'is-pack',
  'horizontal-compact': 'is-pack',
  compact: 'is-pack',
};
const HIDDEN = ['minimal', 'search', 'spinner', 'autocomplete'];
const looked = [...Object.keys(LOOKS), ...HIDDEN]
  .map(look => `| | select_one yn | ${look.replace('-', '_')} | ${look} | ${look} | | |`)
  .join('\n');

const FORM = await formOf(`
| survey |
| | type | name | label | appearance | parameters | readonly | default |
| | acknowledge | seen | Seen | | | | |
| | time | at | At | | | | |
| | dateTime | moment | Moment | | | | |
| | text | essay | Essay | multiline | rows=7 | | |
| | text | short | Short | | rows=2 | | |
| | text | digits | Digits | numbers | | | |
| | text | secret | Secret | masked | | | |
| | text | site | Site | url | | yes | https://example.cn/a |
| | range | level | Level | vertical | start=0 end=10 step=1 placeholder=4 | | |
| | range | bare | Bare | no-ticks | start=0 end=10 step=1 | | |
| | range | every | Every | | start=0 end=10 step=1 tick_interval=5 | | |
| | image | front | Front | front | | | |
| | image | selfie | Selfie | selfie | | | |
| | image | new | New | new | | | |
| | image | rear | Rear | new-rear | | | |
| | image | photo | Photo | | | | |
| | video | film | Film | | | | |
| | audio | sound | Sound | | quality=external | | |
| | file | paper | Paper | | | | |
| | begin_group | table | Table | table-list | | | |
| | select_one yn | first | First | | | | |
| | select_one yn | second | Second | | | | |
| | end_group | | | | | | |
${looked}
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |`);

beforeEach(() => begin(FORM));

const answer = (name: string): string => q(name).value.value;

function choose(text: string): void {
  doing(() => {
    field().value = text;
    field().dispatchEvent(new Event('change', { bubbles: true }));
  });
}

test('a tick acknowledges, and can be taken back', () => {
  show(q('seen'));
  doing(() => field().click());
  expect(answer('seen')).toBe('OK');
  doing(() => field().click());
  expect(answer('seen')).toBe('');
});

test('a time is kept whole, a moment with the phone’s offset', () => {
  show(q('at'));
  expect(field().type).toBe('time');
  choose('08:30');
  expect(answer('at')).toBe('08:30:00.000');
  show(q('moment'));
  expect(field().type).toBe('datetime-local');
  choose('2016-10-15T08:30');
  expect(answer('moment')).toBe('2016-10-15T08:30:00.000+08:00');
});

describe('a text', () => {
  test('has as many lines as the form says', () => {
    show(q('essay'));
    expect(place.querySelector('textarea')?.rows).toBe(7);
    show(q('short'));
    expect(place.querySelector('textarea')?.rows).toBe(2);
  });

  test('of digits opens the digit keys', () => {
    show(q('digits'));
    expect(field().inputMode).toBe('tel');
  });

  test('that is masked shows as dots until somebody wants to see it', () => {
    show(q('secret'));
    expect(field().classList.contains('is-masked')).toBe(true);
    tap(all('button.small-link')[0]);
    expect(all('.is-unmasked')).toHaveLength(1);
  });

  test('that nobody may change opens as a link', () => {
    show(q('site'));
    expect(place.querySelector('a')?.getAttribute('href')).toBe('https://example.cn/a');
    doing(() => filling.set(q('site'), 'javascript:alert(1)'));
    show(q('site'));
    expect(place.querySelector('a')).toBeNull();
  });
});

describe('a range', () => {
  test('stands upright, with its knob where the form wants it, and is unset all the same', () => {
    show(q('level'));
    expect([field().getAttribute('orient'), field().value, answer('level')]).toEqual(['vertical', '4', '']);
  });

  test('without ticks names its ends only', () => {
    show(q('bare'));
    expect(all('.ticks span').map(each => each.textContent)).toEqual(['0', '10']);
  });

  test('has a tick at each interval', () => {
    show(q('every'));
    expect(all('.ticks span').map(each => each.textContent)).toEqual(['0', '5', '10']);
  });
});

describe('choices', () => {
  test.each(Object.entries(LOOKS))('%s are laid out as %s', (look, name) => {
    show(q(look.replace('-', '_')));
    expect(all('.choices')[0]?.classList.contains(name)).toBe(true);
  });

  test.each(HIDDEN)('%s stand behind a field', look => {
    show(q(look));
    expect([all('.choice').length, all('button.pick').length]).toEqual([0, 1]);
  });

  test('of a table-list have one row of labels above them', () => {
    const [table] = filling.root.children.filter(view => view.def.name === 'table');
    const looks = table?.kind === 'group' ? table.children.flatMap(view => view.def.appearance) : [];
    expect(looks).toEqual(['label', 'list-nolabel', 'list-nolabel']);
  });

  test('that are few need no search behind their field', () => {
    show(q('minimal'));
    tap(all('.pick')[0]);
    expect([place.querySelector('[type=search]'), all('dialog .choice').length]).toEqual([null, 2]);
  });

  test('with the appearance search are searched however few', () => {
    show(q('search'));
    tap(all('.pick')[0]);
    put(place.querySelector('[type=search]'), 'ye');
    expect(all('dialog .choice').map(each => each.textContent)).toEqual(['Yes']);
  });
});

test.each([
  ['front', 'image/*', 'user'],
  ['selfie', 'image/*', 'user'],
  ['new', 'image/*', 'environment'],
  ['rear', 'image/*', 'environment'],
  ['photo', 'image/*', null],
  ['film', 'video/*', null],
  ['sound', 'audio/*', null],
  ['paper', '', null],
])('%s: one chooses %j, taken by the camera %j', (name, accept, capture) => {
  show(q(name));
  const chooser = place.querySelector<HTMLInputElement>('input[type=file]');
  expect([chooser?.accept, chooser?.getAttribute('capture')]).toEqual([accept, capture]);
});
