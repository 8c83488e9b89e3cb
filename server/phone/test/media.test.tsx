// @vitest-environment jsdom
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isAccepted, readFile } from '../src/files.ts';
import { asFileRef } from '../src/fileref.ts';
import type { Filling, QuestionView } from '../src/filling.ts';
import { ListRows } from '../src/rows.ts';
import type { Desk } from '../src/widgets/context.ts';
import { DeskProvider } from '../src/widgets/context.ts';
import { Items } from '../src/widgets/Items.tsx';
import { Question } from '../src/widgets/Question.tsx';
import { loadRare } from '../src/widgets/rarely.ts';
import { formOf, open, question } from './compiled.ts';
import { freshPhone } from './phone.ts';

const FORM = await formOf(`
| survey |
| | type | name | label | appearance | parameters | bind::ly:purpose |
| | geopoint | place | Place | | capture-accuracy=10 warning-accuracy=50 | to find it again |
| | geotrace | road | Road | | | to measure it |
| | geoshape | field | Field | | | to measure it |
| | file | paper | Paper | | | |
| | image | face | Face | new-front | | |
| | barcode | code | Code | | | |
| | barcode | ean | EAN | numbers | | |
| | select_one crop | crop | Crop | | | |
| choices |
| | list_name | name | label | media::image |
| | crop | rice | Rice | rice.png |
| | crop | rape | | rape.png |
| | crop | tea | Tea | gone.png |`);

const PICTURED = await formOf(`
| survey |
| | type | name | label::zh | media::image::zh | media::big-image::zh | media::image::en |
| | text | leaf | 叶子 | leaf.png | leaf-big.png | leaf-en.png |`);

const GROUPED = await formOf(`
| survey |
| | type | name | label | media::image |
| | begin_group | plant | Plant | leaf.png |
| | text | colour | Colour | |
| | end_group | | | |
| | begin_repeat | crop | Crop | rice.png |
| | text | kind | Kind | |
| | end_repeat | | | |`);

/** A phone that is where the test says. */
class Sky {
  private heard: PositionCallback | null = null;
  private failed: PositionErrorCallback | null = null;
  watchPosition(heard: PositionCallback, failed: PositionErrorCallback): number {
    this.heard = heard;
    this.failed = failed;
    return 1;
  }
  clearWatch(): void {
    this.heard = null;
  }
  get isWatched(): boolean {
    return this.heard !== null;
  }
  move(latitude: number, longitude: number, accuracy: number): void {
    const coords = { latitude, longitude, accuracy, altitude: null } as GeolocationCoordinates;
    void act(() => this.heard?.({ coords, timestamp: 0 } as GeolocationPosition));
  }
  refuse(): void {
    this.fail(1);
  }
  lose(): void {
    this.fail(2);
  }
  private fail(code: number): void {
    const error = { code, PERMISSION_DENIED: 1 } as GeolocationPositionError;
    void act(() => this.failed?.(error));
  }
}

let sky: Sky;
let place: HTMLElement;
let filling: Filling;

beforeAll(loadRare);

beforeEach(async () => {
  await freshPhone();
  sky = new Sky();
  Object.defineProperty(navigator, 'geolocation', { value: sky, configurable: true });
  document.body.innerHTML = '<div id="place"></div>';
  place = document.getElementById('place') ?? document.body;
  filling = open(FORM);
});

const q = (name: string): QuestionView => question(filling, name);
const answer = (name: string): string => q(name).value.value;

const show = (name: string): Promise<void> => draw(<Question key={name} view={q(name)} />);

async function draw(shown: JSX.Element): Promise<void> {
  const desk: Desk = {
    filling,
    lists: new ListRows(),
    media: new Map([
      ['rice.png', '/forms/media/1'],
      ['rape.png', '/forms/media/2'],
      ['leaf.png', '/forms/media/3'],
      ['leaf-big.png', '/forms/media/4'],
    ]),
    comments: {},
    isAsked: signal(false),
    set: (view, text) => filling.set(view, text),
    advance: () => undefined,
    cameFrom: () => 0,
    follow: () => undefined,
    open: () => undefined,
    add: () => undefined,
    addAnother: () => undefined,
    remove: () => undefined,
  };
  render(<DeskProvider value={desk}>{shown}</DeskProvider>, place);
  await vi.waitFor(() => expect(place.querySelector('button, input')).not.toBeNull());
}

function tap(words: string): void {
  const found = [...place.querySelectorAll('button')].find(button => button.textContent === words);
  if (!found) throw new Error(`no ${words} in ${place.textContent}`);
  void act(() => found.click());
}

describe('a position', () => {
  test('gets better until it is as good as the form wants, and never worse', async () => {
    await show('place');
    tap('定位');
    sky.move(32.6, 120.3, 80);
    sky.move(32.7, 120.4, 200);
    expect([answer('place'), sky.isWatched]).toEqual(['32.6 120.3 0 80', true]);
    expect(place.textContent).toContain('当前误差约80米');
    sky.move(32.61, 120.31, 9);
    expect([answer('place'), sky.isWatched]).toEqual(['32.61 120.31 0 9', false]);
  });

  test('that stays rough is kept with a warning', async () => {
    await show('place');
    tap('定位');
    sky.move(32.6, 120.3, 80);
    tap('用当前结果');
    expect(place.textContent).toContain('误差超过50米');
  });

  test('that is refused says what to do', async () => {
    await show('place');
    tap('定位');
    sky.refuse();
    expect(place.textContent).toContain('没有定位权限');
  });
});

describe('a line', () => {
  test('gets the points one taps, and gives the last one back', async () => {
    await show('road');
    tap('开始记录');
    sky.move(32.6, 120.3, 5);
    tap('记下这一点');
    sky.move(32.601, 120.3, 5);
    tap('记下这一点');
    expect(answer('road')).toBe('32.600000 120.300000 0.0 5.0;32.601000 120.300000 0.0 5.0');
    expect(place.textContent).toContain('2个点，长约111米');
    tap('撤销上一点');
    expect(answer('road')).toBe('32.600000 120.300000 0.0 5.0');
    tap('结束记录');
    expect([place.textContent.includes('还需1个点'), sky.isWatched]).toEqual([true, false]);
  });

  test('goes on after the sky was out of sight for a while', async () => {
    await show('road');
    tap('开始记录');
    sky.move(32.6, 120.3, 5);
    sky.lose();
    tap('记下这一点');
    expect([answer('road'), sky.isWatched]).toEqual(['', true]);
    expect(place.textContent).toContain('请到开阔处');
    sky.move(32.6, 120.3, 5);
    tap('记下这一点');
    expect(answer('road')).not.toBe('');
  });

  test('takes no point where the phone doesn’t know well enough where it is', async () => {
    await show('road');
    tap('开始记录');
    sky.move(32.6, 120.3, 400);
    tap('记下这一点');
    expect([answer('road'), place.textContent.includes('须在50米以内')]).toEqual(['', true]);
  });

  test('grows by itself while one walks, not while one stands', async () => {
    vi.useFakeTimers();
    try {
      render(null, place);
      const shown = show('road');
      await vi.advanceTimersByTimeAsync(100);
      await shown;
      tap('开始记录');
      const every = place.querySelector('select');
      void act(() => {
        if (every) every.value = '5';
        every?.dispatchEvent(new Event('change', { bubbles: true }));
      });
      sky.move(32.6, 120.3, 5);
      await vi.advanceTimersByTimeAsync(11_000);
      sky.move(32.6001, 120.3, 5);
      await vi.advanceTimersByTimeAsync(5000);
      expect(answer('road').split(';')).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a shape is closed, and says its area', async () => {
    await show('field');
    tap('开始记录');
    for (const [lat, lon] of [
      [32.6, 120.3],
      [32.601, 120.3],
      [32.601, 120.301],
    ] as const) {
      sky.move(lat, lon, 5);
      tap('记下这一点');
    }
    const points = answer('field').split(';');
    expect([points.length, points[0] === points[3]]).toEqual([4, true]);
    expect(place.textContent).toMatch(/面积约5,2\d\d平方米（7\.8\d亩）/);
  });
});

describe('a file', () => {
  async function choose(content: Uint8Array<ArrayBuffer>, name: string, type: string): Promise<void> {
    const input = place.querySelector<HTMLInputElement>('input[type=file]');
    const file = new File([content], name, { type });
    Object.defineProperty(input, 'files', { value: [file], configurable: true });
    await act(() => void input?.dispatchEvent(new Event('change', { bubbles: true })));
    await vi.waitFor(() => expect(place.textContent).not.toContain('正在处理'));
  }

  test('is stored before the answer names it', async () => {
    await show('paper');
    const pdf = new TextEncoder().encode('%PDF-1.7 something');
    await choose(pdf, '证明.pdf', 'application/pdf');
    const kept = asFileRef(answer('paper'));
    expect([kept?.name, kept?.bytes]).toEqual(['证明.pdf', pdf.length]);
    expect((await readFile(kept?.sha256 ?? ''))?.content.byteLength).toBe(pdf.length);
    expect(place.textContent).toContain('证明.pdf (1 KB)');
  });

  test.each([
    ['a page', '<!doctype html>', '不接受这种文件'],
    ['nothing', '', '文件是空的'],
  ])('%s is refused with what to do', async (_, text, said) => {
    await show('paper');
    await choose(new TextEncoder().encode(text), 'x', 'text/html');
    expect([answer('paper'), place.textContent.includes(said)]).toEqual(['', true]);
  });

  test('a new photo asks for the camera that looks at one', async () => {
    await show('face');
    expect(place.querySelector('input[type=file]')?.getAttribute('capture')).toBe('user');
  });
});

test.each([
  ['JPEG', [0xff, 0xd8, 0xff, 0xe0], true],
  ['Word', [0x50, 0x4b, 0x03, 0x04], true],
  ['WAV', [...new TextEncoder().encode('RIFF----WAVE')], true],
  ['M4A', [...new TextEncoder().encode('----ftypM4A ')], true],
  ['a program', [0x4d, 0x5a, 0x90, 0x00], false],
  ['an AVI', [...new TextEncoder().encode('RIFF----AVI ')], false],
])('%s is taken by the server: %j → %s', (_, bytes, isTaken) => {
  expect(isAccepted(new Uint8Array(bytes).buffer)).toBe(isTaken);
});

test('a bar code that this phone cannot read is to be typed, its digits on a keyboard of digits', async () => {
  await show('ean');
  expect(place.textContent).toContain('条形码请直接输入号码');
  expect(place.querySelector('input')?.inputMode).toBe('tel');
  vi.stubGlobal('BarcodeDetector', Object);
  await show('code');
  expect(place.textContent).not.toContain('条形码请直接输入号码');
  expect(place.querySelector('input')?.inputMode).toBe('text');
  vi.unstubAllGlobals();
});

test('a code can also be typed', async () => {
  await show('code');
  const field = place.querySelector<HTMLInputElement>('input[type=text]');
  void act(() => {
    if (field) field.value = '6901234567892';
    field?.dispatchEvent(new Event('input', { bubbles: true }));
  });
  expect(answer('code')).toBe('6901234567892');
  expect([...place.querySelectorAll('button')].map(button => button.textContent)).toEqual(['扫码']);
});

describe('what the form shows', () => {
  const pictures = (): [string | null, string][] =>
    [...place.querySelectorAll('img')].map(each => [each.getAttribute('src'), each.alt]);

  test('choices have their pictures, also without words; one that is missing is said to be', async () => {
    await show('crop');
    expect(pictures()).toEqual([
      ['/forms/media/1', 'Rice'],
      ['/forms/media/2', 'rape'],
    ]);
    const lines = [...place.querySelectorAll('.choice')].map(each => each.textContent);
    expect(lines).toEqual(['Rice', '', '（缺少文件gone.png）Tea']);
  });

  test('groups and repeats have their pictures', async () => {
    filling = open(GROUPED);
    await draw(<Items views={filling.root.children} />);
    expect(pictures()).toEqual([
      ['/forms/media/3', 'Plant'],
      ['/forms/media/1', 'Crop'],
    ]);
  });

  test('a question’s picture is enlarged by a tap', async () => {
    filling = open(PICTURED);
    await show('leaf');
    expect(pictures()).toEqual([['/forms/media/3', '叶子']]);
    void act(() => place.querySelector<HTMLButtonElement>('.q-picture')?.click());
    expect(pictures()[1]).toEqual(['/forms/media/4', '叶子']);
  });
});
