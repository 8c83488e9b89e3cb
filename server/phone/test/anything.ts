/** Any arguments that a helper may be called with, and any text that may be written where an expression belongs. */
import fc from 'fast-check';

/** What a helper takes: the kinds of `forms/functions.py`, and how many there must be. */
export interface Helper {
  readonly kinds: readonly string[];
  readonly least: number;
  readonly needs_scope: boolean;
  readonly is_inexact: boolean;
}

/** Between bars; so that a text may have spaces. */
const barred = (texts: string): string[] => texts.split('|');

// Texts that mean something to some helper: numbers, days, times, places, patterns, formats, lists.
const WORDS = [
  ...barred('| |0|1|-1.5|1e3|.5|5.|-|+3|007|１２|NaN|Infinity|-0|1_0|0x1F|true|false|a b c|b|a,b,,c|,'),
  ...barred('2016-10-15|2016-02-30|2016-1-5|0000-01-01|9999-12-31|1970-01-01T00:00:00Z|2016-10-15T24:00'),
  ...barred('2016-10-15T08:30:00.000Z|2016-10-15T08:30:59.1234567+08:00|08:30|23:59:59.999-05:00|25:00'),
  ...barred('33.45 119.82 0 5|33.45 119.82|90 180;-90 -180|33 119;33 120;34 120;33 119|91 0|1 2 x|;'),
  ...barred('^[a-z]+$|\\d{2,4}|(a+)+|[^ab]|\\p{L}*|.|[[:alpha:]]|a{1001}|(|\\|\\bа\\b|[a-\\d]|(?:x)?'),
  ...barred('%Y-%m-%d|%y %n %b %e %a|%H:%h:%M:%S.%3|%|%%Y|%Q|MD5|SHA-1|SHA-256|sha-512|base64|hex|aGk='),
  ...barred('王建军|🦆x|e\u0301|\u3000|\u00a0a|ΑΣ|İ|ß|constructor|__proto__|79927398713|\t\n|\u2028'),
  '(?:x|y)?',
];
const NUMBERS = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 1e21, 1e-7, 2 ** 53, NaN, Infinity, -Infinity];
const CALENDAR = { min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true };

const word = fc.constantFrom(...WORDS);
const moment = fc
  .tuple(fc.date(CALENDAR), fc.constantFrom(10, 16, 19, 23), fc.constantFrom('', '', 'Z', '+08:00', '-05:30'))
  .map(([at, length, zone]) => at.toISOString().slice(0, length) + (length > 10 ? zone : ''));
const degrees = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most * 100, max: most * 100 }).map(each => each / 100);
const place = fc.tuple(degrees(91), degrees(181)).map(([lat, lon]) => `${lat} ${lon} 0 5`);
const text = fc.oneof(
  { weight: 4, arbitrary: word },
  fc.tuple(word, fc.constantFrom('', ' ', ';', ',', 'T', '-'), word).map(parts => parts.join('')),
  fc.string({ maxLength: 8 }),
  moment,
  fc.array(place, { maxLength: 5 }).map(places => places.join(';')),
  fc.array(word, { maxLength: 6 }).map(words => words.join(' ')),
);
const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -800_000, max: 3_000_000 }),
  fc.maxSafeInteger().map(whole => whole % 1e14),
  fc.double(),
);
const FEW = { maxLength: 5 };
const KINDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text,
  number,
  boolean: fc.boolean(),
  any: fc.oneof(text, number, fc.boolean()),
  texts: fc.array(text, FEW),
  numbers: fc.array(number, FEW),
  truths: fc.array(fc.boolean(), FEW),
  order: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
  equality: fc.constantFrom('=', '!='),
};

export const argumentsOf = ({ kinds, least }: Helper): fc.Arbitrary<unknown[]> =>
  fc.integer({ min: least, max: kinds.length }).chain(many => {
    const each = kinds.slice(0, many).map(kind => KINDS[kind] ?? fc.constant(kind));
    return fc.tuple(...each);
  });

const spaced = (texts: string): string[] => texts.split(' ');
const OPERATORS = spaced('or and = != < <= > >= + - * div mod');
const TOKENS = [
  ...OPERATORS,
  ...spaced('( ) , [ ] / // . .. @ * | :: $ ${ } ${a} # ; \\ ! -- == && 0 1 2.5 .5 5. 1e3 007 1..2 王 _'),
  ...spaced(`' " '' "" 'a' "it's" '\`\${1}' "\\u0022" '*/' '</script>' '\u2028' '🦆' a a-b a:b self text()`),
  ...spaced('true() false() if( concat( selected( round( int( number( string( not( coalesce( substr( max('),
  ...spaced('date( format-date( regex( join( position( instance( current() once( jr:itext( nothing('),
  ...[' ', '\n', '\t', '\u00a0', '\u3000', '\0', '${ a', '9007199254740993', 'constructor('],
];

export const garbage = fc
  .tuple(fc.array(fc.constantFrom(...TOKENS), { maxLength: 24 }), fc.constantFrom('', ' '))
  .map(([tokens, between]) => tokens.join(between));

/** Functions that take texts of any kind, by how many. */
const CALLS = [
  spaced('not number string boolean int floor date count-selected string-length normalize-space'),
  spaced('round selected selected-at coalesce contains substr max regex format-date'),
  spaced('join if translate substring concat'),
].flatMap((names, index) => names.map(name => [name, index + 1] as const));

const quoted = text
  .filter(each => !(each.includes("'") && each.includes('"')))
  .map(each => (each.includes("'") ? `"${each}"` : `'${each}'`));
const atom = fc.oneof(
  quoted,
  fc.constantFrom(...spaced('0 1 2.5 .5 007 1000000 9007199254740993 true() false()')),
);

/** By the grammar, with and without the brackets that it needs. */
export const { nested } = fc.letrec<{ nested: string }>(tie => ({
  nested: fc.oneof(
    { maxDepth: 5 },
    atom,
    fc
      .tuple(tie('nested'), fc.constantFrom(...OPERATORS), tie('nested'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    tie('nested').map(inner => `(${inner})`),
    tie('nested').map(inner => `-${inner}`),
    fc
      .constantFrom(...CALLS)
      .chain(([name, many]) =>
        fc
          .array(tie('nested'), { minLength: many, maxLength: many })
          .map(given => `${name}(${given.join(', ')})`),
      ),
  ),
}));
