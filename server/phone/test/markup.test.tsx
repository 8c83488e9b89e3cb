// @vitest-environment jsdom
import { render } from 'preact';
import { describe, expect, test } from 'vitest';
import { firstLine, plain } from '../src/markup.ts';
import { Rich } from '../src/widgets/Rich.tsx';

function html(text: string): string {
  const place = document.createElement('div');
  render(<Rich text={text} />, place);
  return place.innerHTML;
}

describe('what an author marked up', () => {
  test.each([
    ['plain & simple', 'plain &amp; simple'],
    ['请**务必**填写', '请<b>务必</b>填写'],
    ['*em* and _em_, __strong__', '<em>em</em> and <em>em</em>, <b>strong</b>'],
    ['**a *b* c**', '<b>a <em>b</em> c</b>'],
    ['<b>bold</b> and <i>thin</i>', '<b>bold</b> and <em>thin</em>'],
    ['<span style="color:#f58a1f">red</span> <font color="red">too</font>', 'red too'],
    ['5 &lt; 6 &amp; 7&nbsp;kg', '5 &lt; 6 &amp; 7&nbsp;kg'],
    ['\\*kept\\*', '*kept*'],
  ])('%s', (text, expected) => expect(html(text)).toBe(expected));

  test('lines, headings and lists stand below each other', () => {
    const place = document.createElement('div');
    render(<Rich text={'## Part\n- one\n2. two<br>end'} />, place);
    expect([...place.querySelectorAll('.line')].map(line => [line.className, line.textContent])).toEqual([
      ['line is-head', 'Part'],
      ['line is-item', '•one'],
      ['line is-item', '2.two'],
      ['line is-text', 'end'],
    ]);
  });

  test('a link opens elsewhere', () => {
    const place = document.createElement('div');
    render(<Rich text="see [the rules](https://example.cn/a_b)" />, place);
    const link = place.querySelector('a');
    expect([link?.getAttribute('href'), link?.target, link?.textContent]).toEqual([
      'https://example.cn/a_b',
      '_blank',
      'the rules',
    ]);
  });
});

describe('what only looks like it stays text', () => {
  test.each([
    '2*3*4 = 24',
    'file_name_of_the_list',
    'a * b * c',
    '3 < 4 and 5 > 4',
    '[ ] tick',
    'x ** y',
    '&nonsense; &#0;',
  ])('%s', text => {
    const place = document.createElement('div');
    render(<Rich text={text} />, place);
    expect([place.textContent, place.children.length]).toEqual([text, 0]);
  });

  test.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '<svg/onload=alert(1)>',
    '<iframe src="//evil.example"></iframe>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,a)',
    '<a href="javascript:alert(1)">x</a>',
    '<b onclick=alert(1)>x</b>',
  ])('nothing of %s becomes an element that could act', text => {
    const place = document.createElement('div');
    render(<Rich text={text} />, place);
    expect(place.querySelector('img, script, svg, iframe, a, [onclick]')).toBeNull();
  });
});

test.each(['1. How many?', 'Read aloud.\n2) How many?', 'How **many**?', 'How many?'])(
  'what comes after %j stands behind its last word',
  text => {
    const place = document.createElement('div');
    render(<Rich text={text} end={<i>*</i>} />, place);
    expect(place.querySelector('i')?.parentElement?.textContent).toMatch(/many\?\*$/);
  },
);

test.each(['<hr style="margin:0 auto;">', '<br/>', '<hr>'])('%s parts lines', mark => {
  expect(plain(`one${mark}two`)).toBe('one\ntwo');
});

describe('titles', () => {
  test('say the same without marks', () => {
    expect(plain('**1.** What is *your* <b>name</b>?')).toBe('1. What is your name?');
    expect(plain('1. First')).toBe('1. First');
    expect(plain('#####')).toBe('');
  });

  test('are the first line with words', () => {
    expect(firstLine('\n <br> \n# Part **A**\nmore')).toBe('Part A');
  });

  test('of a text that marks without end come at once', () => {
    const text = '*a_b[c<'.repeat(4000);
    expect(plain(text).length).toBeGreaterThan(0);
  });
});
