/**
 * A full match of a text against a pattern, in time linear in the text: sets of states, no backtracking.
 *
 * The pattern language is the part of RE2 that both runtimes know; `\d \w \s` are ASCII, a dot is one code point
 * other than a newline. A pattern outside it never matches (the compiler refuses those it can see).
 */

type Test = (point: number) => boolean;
type Edge = (before: number, after: number) => boolean;

interface State {
  /** Takes one code point. */
  readonly test?: Test;
  /** Passes without taking one, if it holds between the points around (-1: none). */
  readonly edge?: Edge;
  out: readonly State[];
}

type Build = (next: State) => State;

const END: State = { out: [] };
const MAX_REPEATS = 1000;
const MAX_STATES = 20_000;
/** Characters; a longer text matches no pattern, as on the server. */
const MAX_TRIED = 10_000;
const digit: Test = p => p > 47 && p < 58;
const word: Test = p => digit(p) || (p > 64 && p < 91) || (p > 96 && p < 123) || p === 95;
const space: Test = p => p === 32 || p === 9 || p === 10 || p === 12 || p === 13;
const not =
  (test: Test): Test =>
  p =>
    !test(p);
const CLASSES: Readonly<Record<string, Test>> = {
  d: digit,
  w: word,
  s: space,
  D: not(digit),
  W: not(word),
  S: not(space),
};
const CONTROLS: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  f: 12,
  v: 11,
  a: 7,
};
const boundary: Edge = (before, after) => word(before) !== word(after);
const EDGES: Readonly<Record<string, Edge>> = {
  '^': before => before < 0,
  $: (_, after) => after < 0,
  '\\A': before => before < 0,
  '\\z': (_, after) => after < 0,
  '\\b': boundary,
  '\\B': (before, after) => !boundary(before, after),
};

let made = 0;

function state(parts: State): State {
  made += 1;
  if (made > MAX_STATES) throw new SyntaxError('too large');
  return parts;
}

const one =
  (test: Test): Build =>
  next =>
    state({ test, out: [next] });
const chain =
  (parts: readonly Build[]): Build =>
  next =>
    parts.reduceRight((after, part) => part(after), next);

const compiled = new Map<string, State | null>();

/** Whether the whole of `text` matches `pattern`. */
export function fullMatch(text: string, pattern: string): boolean {
  let start = compiled.get(pattern);
  if (start === undefined) {
    start = compile(pattern);
    compiled.set(pattern, start);
  }
  return (
    start !== null &&
    text.length <= MAX_TRIED &&
    run(
      start,
      Array.from(text, each => each.codePointAt(0) ?? -1),
    )
  );
}

function compile(pattern: string): State | null {
  made = 0;
  try {
    return new Reader(pattern).all()(END);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function run(start: State, points: readonly number[]): boolean {
  let states = new Set<State>();
  follow(start, states, -1, points[0] ?? -1);
  points.forEach((point, index) => {
    const next = new Set<State>();
    for (const { test, out } of states) {
      if (test?.(point)) out.forEach(each => follow(each, next, point, points[index + 1] ?? -1));
    }
    states = next;
  });
  return states.has(END);
}

/** Add a state and all that can be reached from it without taking a code point. */
function follow(start: State, into: Set<State>, before: number, after: number): void {
  const waiting = [start];
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    if (into.has(each) || each.edge?.(before, after) === false) continue;
    into.add(each);
    if (!each.test) waiting.push(...each.out);
  }
}

class Reader {
  private readonly points: readonly string[];
  private at = 0;

  constructor(pattern: string) {
    this.points = Array.from(pattern);
  }

  all(): Build {
    const build = this.alternatives();
    if (this.at < this.points.length) throw new SyntaxError('unmatched )');
    return build;
  }

  private alternatives(): Build {
    const branches = [this.sequence()];
    while (this.take('|')) branches.push(this.sequence());
    return branches.length === 1
      ? chain(branches)
      : next => state({ out: branches.map(branch => branch(next)) });
  }

  private sequence(): Build {
    const parts: Build[] = [];
    while (this.at < this.points.length && this.points[this.at] !== '|' && this.points[this.at] !== ')') {
      parts.push(this.repeated(this.atom()));
    }
    return chain(parts);
  }

  private repeated(part: Build): Build {
    const bounds = this.bounds();
    if (!bounds) return part;
    this.take('?'); // lazy or not, a full match is the same
    const [least, most] = bounds;
    const tail = most === Infinity ? many(part) : optional(part, most - least);
    return chain([...Array<Build>(least).fill(part), tail]);
  }

  private bounds(): readonly [number, number] | null {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.points.slice(this.at, this.at + 12).join(''));
    if (!found) return null;
    this.at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] ? Number(found[3]) : Infinity;
    if (least > MAX_REPEATS || (most !== Infinity && (most > MAX_REPEATS || most < least)))
      throw new SyntaxError('bounds');
    return [least, most];
  }

  private atom(): Build {
    const point = this.next();
    if (point === '(') return this.group();
    if (point === '[') return one(this.set());
    if (point === '.') return one(p => p !== 10);
    const name = point === '\\' ? point + (this.points[this.at] ?? '') : point;
    const edge = EDGES[name];
    if (edge) {
      this.at += name.length - 1;
      return next => state({ edge, out: [next] });
    }
    if ('*+?'.includes(point)) throw new SyntaxError('nothing to repeat');
    return one(point === '\\' ? this.escape() : is(code(point)));
  }

  private group(): Build {
    if (this.take('?') && !this.take(':')) {
      this.take('P');
      if (!this.take('<')) throw new SyntaxError('group');
      while (word(code(this.points[this.at] ?? ''))) this.at += 1;
      if (!this.take('>')) throw new SyntaxError('group');
    }
    const inner = this.alternatives();
    if (!this.take(')')) throw new SyntaxError('missing )');
    return inner;
  }

  private set(): Test {
    const isNegated = this.take('^');
    const tests: Test[] = [];
    // A bracket that comes first stands for itself.
    do tests.push(this.member());
    while (!this.take(']'));
    const any: Test = p => tests.some(test => test(p));
    return isNegated ? not(any) : any;
  }

  private member(): Test {
    const low = this.next();
    if (low === '[' && this.points[this.at] === ':') throw new SyntaxError('named class');
    const escaped = low === '\\' ? this.escape() : null;
    const from = escaped ? single(escaped) : code(low);
    if (this.points[this.at] !== '-' || (this.points[this.at + 1] ?? ']') === ']') return escaped ?? is(from);
    this.at += 1;
    const high = this.next();
    const to = high === '\\' ? single(this.escape()) : code(high);
    if (from < 0 || to < from) throw new SyntaxError('range');
    return p => p >= from && p <= to;
  }

  /** What follows a backslash. */
  private escape(): Test {
    const point = this.next();
    const named = CLASSES[point];
    if (named) return named;
    if (point === 'p' || point === 'P') return this.property(point === 'P');
    if (point === 'x') return is(this.hexadecimal());
    const control = CONTROLS[point];
    if (control !== undefined) return is(control);
    if (word(code(point))) throw new SyntaxError('escape');
    return is(code(point));
  }

  private hexadecimal(): number {
    const found = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(
      this.points.slice(this.at, this.at + 8).join(''),
    );
    if (!found) throw new SyntaxError('escape');
    this.at += found[0].length;
    return parseInt(found[1] ?? found[2] ?? '', 16);
  }

  private property(isNegated: boolean): Test {
    const found = /^(?:\{(\^?)(\w+)\}|([A-Z]))/.exec(this.points.slice(this.at, this.at + 40).join(''));
    if (!found) throw new SyntaxError('property');
    this.at += found[0].length;
    const name = found[2] ?? found[3] ?? '';
    // A category has one or two letters, a script a longer name; one code point is tried, so this can't backtrack.
    const pattern = new RegExp(name.length < 3 ? `^\\p{${name}}$` : `^\\p{Script=${name}}$`, 'u');
    const test: Test = p => pattern.test(String.fromCodePoint(p));
    return isNegated !== (found[1] === '^') ? not(test) : test;
  }

  private next(): string {
    const point = this.points[this.at];
    if (point === undefined) throw new SyntaxError('cut short');
    this.at += 1;
    return point;
  }

  private take(point: string): boolean {
    if (this.points[this.at] !== point) return false;
    this.at += 1;
    return true;
  }
}

const singles = new WeakMap<Test, number>();

function is(point: number): Test {
  const test: Test = p => p === point;
  singles.set(test, point);
  return test;
}

const single = (test: Test): number => singles.get(test) ?? -1;
const code = (point: string): number => point.codePointAt(0) ?? -1;

function many(part: Build): Build {
  return next => {
    const loop = state({ out: [] });
    loop.out = [part(loop), next];
    return loop;
  };
}

function optional(part: Build, times: number): Build {
  return next => {
    let start = next;
    for (let left = times; left > 0; left -= 1) start = state({ out: [part(start), next] });
    return start;
  };
}
