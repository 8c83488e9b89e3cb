// @vitest-environment jsdom
/** The same XForm and the same answers in ODK Web Forms' engine and in ours: after every step both say the same. */
import { beforeAll, describe, expect, test } from 'vitest';
import { compileAll, ListRows, load, open, put, repeat } from './compiled.ts';
import type { Compiled } from './compiled.ts';
import { Oracle, ownState } from './oracle.ts';
import type { State } from './oracle.ts';

type Step =
  | readonly [path: string, text: string]
  | { readonly add: string }
  | { readonly remove: readonly [string, number] };

interface Trial {
  readonly name: string;
  readonly form: string;
  readonly steps: readonly Step[];
  /** Sums that may have nothing to add: 0 in XPath and in Collect, not a number in the oracle. */
  readonly sums?: readonly string[];
  readonly lists?: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

const TRIALS: readonly Trial[] = [
  {
    name: 'relevance of questions and groups',
    form: `
| survey |
| | type | name | label | relevant |
| | select_one yn | has | Has? | |
| | begin_group | more | More | \${has} = 'y' |
| | text | what | What | |
| | begin_group | deep | Deep | \${what} != '' |
| | integer | size | Size of \${what} | |
| | end_group | | | |
| | end_group | | | |
| | text | big | Big | \${size} > 10 |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |`,
    steps: [
      ['has', 'y'],
      ['more/what', 'cow'],
      ['more/deep/size', '12'],
      ['big', 'yes'],
      ['has', 'n'],
      ['has', 'y'],
      ['more/what', ''],
      ['more/what', 'pig'],
      ['more/deep/size', '3'],
    ],
  },
  {
    name: 'constraint, required and read-only',
    form: `
| survey |
| | type | name | label | constraint | required | readonly |
| | integer | low | Low | . >= 0 | yes | |
| | integer | high | High | . > \${low} and . < 100 | \${low} > 5 | |
| | text | code | Code | regex(., '[A-Z]{2}[0-9]+') and string-length(.) < 6 | | \${low} = 1 |`,
    steps: [
      ['low', '-1'],
      ['low', '7'],
      ['high', '6'],
      ['high', '8'],
      ['low', '8'],
      ['code', 'AB12'],
      ['code', 'ABC'],
      ['code', 'AB12345'],
      ['low', '1'],
      ['low', ''],
    ],
  },
  {
    name: 'calculation and empty values',
    form: `
| survey |
| | type | name | label | calculation |
| | integer | a | A | |
| | integer | b | B | |
| | calculate | sum | | \${a} + \${b} |
| | calculate | safe | | coalesce(\${a}, 0) + coalesce(\${b}, 0) |
| | calculate | ratio | | round(\${a} div \${b}, 2) |
| | calculate | rest | | \${a} mod \${b} |
| | calculate | says | | if(\${a} > \${b}, 'more', if(\${a} < \${b}, 'less', 'same or nothing')) |
| | calculate | same | | if(\${a} = \${b}, 1, 0) |
| | calculate | differ | | if(\${a} != '', 'filled', 'empty') |
| | calculate | joined | | concat(\${a}, '-', \${b}, '-', \${sum}) |
| | calculate | neg | | -\${a} * 2 |
| | note | shown | \${a} and \${b} make \${sum} | |`,
    steps: [
      ['a', '7'],
      ['b', '2'],
      ['b', '0'],
      ['a', '0'],
      ['a', ''],
      ['b', ''],
      ['a', '-7'],
      ['b', '7'],
    ],
  },
  {
    name: 'texts',
    form: `
| survey |
| | type | name | label | calculation |
| | text | t | T | |
| | calculate | up | | translate(\${t}, 'abc', 'AB') |
| | calculate | sub | | substr(\${t}, 1, 3) |
| | calculate | tail | | substr(\${t}, -2) |
| | calculate | len | | string-length(\${t}) |
| | calculate | before | | substring-before(\${t}, '-') |
| | calculate | after | | substring-after(\${t}, '-') |
| | calculate | norm | | normalize-space(\${t}) |
| | calculate | has | | contains(\${t}, 'b') |
| | calculate | starts | | starts-with(\${t}, 'a') |
| | calculate | num | | number(\${t}) + 1 |
| | calculate | words | | count-selected(\${t}) |
| | calculate | second | | selected-at(\${t}, 1) |`,
    steps: [
      ['t', 'abc-def'],
      ['t', 'a b  c'],
      ['t', '12.50'],
      ['t', ''],
      ['t', '村-组'],
    ],
  },
  {
    name: 'choices that filter each other',
    form: `
| survey |
| | type | name | label | choice_filter | relevant |
| | select_one county | county | County | | |
| | select_one village | village | Village | county = \${county} | |
| | select_multiple kind | kind | Kind | | |
| | text | other | Other | | selected(\${kind}, 'o') |
| | text | note | Chosen \${village} | | |
| choices |
| | list_name | name | label | county |
| | county | a | A | |
| | county | b | B | |
| | village | v1 | One | a |
| | village | v2 | Two | a |
| | village | v3 | Three | b |
| | kind | p | Poor | |
| | kind | o | Other | |`,
    steps: [
      ['county', 'a'],
      ['village', 'v2'],
      ['kind', 'p o'],
      ['other', 'x'],
      ['county', 'b'],
      ['village', 'v3'],
      ['kind', 'p'],
    ],
  },
  {
    name: 'a repeat with a count',
    sums: ['adults'],
    form: `
| survey |
| | type | name | label | calculation | repeat_count | relevant | constraint |
| | integer | n | N | | | | |
| | begin_repeat | member | Member | | \${n} | | |
| | text | who | Who | | | | |
| | integer | age | Age of \${who} | | | \${who} != '' | . < 130 |
| | calculate | place | | position(..) | | | |
| | calculate | adult | | if(\${age} >= 18, 1, 0) | | | |
| | end_repeat | | | | | | |
| | calculate | adults | | sum(\${adult}) | | | |
| | calculate | number | | count(\${member}) | | | |
| | calculate | names | | join(', ', \${who}) | | | |
| | calculate | first | | indexed-repeat(\${who}, \${member}, 1) | | | |`,
    steps: [
      ['n', '2'],
      ['member[1]/who', 'An'],
      ['member[1]/age', '30'],
      ['member[2]/who', 'Bo'],
      ['member[2]/age', '7'],
      ['member[2]/age', '200'],
      ['n', '1'],
    ],
  },
  {
    name: 'a repeat that a person extends',
    form: `
| survey |
| | type | name | label | calculation |
| | begin_repeat | visit | Visit | |
| | integer | cost | Cost | |
| | calculate | place | | position(..) |
| | end_repeat | | | |
| | calculate | total | | sum(\${cost}) |
| | calculate | dearest | | max(\${cost}) |
| | calculate | dear | | count(\${visit}[cost > 10]) |
| | calculate | last | | \${visit}[position() = last()]/cost |`.replace(
      '${visit}[position',
      '/data/visit[position',
    ),
    steps: [
      ['visit[1]/cost', '5'],
      { add: 'visit' },
      ['visit[2]/cost', '20'],
      { add: 'visit' },
      ['visit[3]/cost', '30'],
      { remove: ['visit', 1] },
    ],
  },
  {
    name: 'dates',
    form: `
| survey |
| | type | name | label | calculation | constraint |
| | date | born | Born | | |
| | date | on | On | | . >= \${born} |
| | calculate | days | | round(\${on} - \${born}) | |
| | calculate | years | | int((\${on} - \${born}) div 365.25) | |
| | calculate | shown | | format-date(\${on}, '%Y/%m/%d') | |
| | calculate | later | | if(\${on} > date('2016-06-01'), 'yes', 'no') | |`,
    steps: [
      ['born', '1980-02-29'],
      ['on', '2016-10-15'],
      ['on', '1979-01-01'],
      ['on', ''],
    ],
  },
  {
    name: 'a list that came as a file',
    sums: ['income'],
    form: `
| survey |
| | type | name | label | calculation | choice_filter |
| | text | village | Village | | |
| | select_one_from_file household.csv | hh | Household | | village = \${village} |
| | calculate | head | | instance('household')/root/item[name = \${hh}]/head | |
| | calculate | many | | count(instance('household')/root/item[village = \${village}]) | |
| | calculate | income | | sum(instance('household')/root/item[village = \${village}]/income) | |
| | calculate | pulled | | pulldata('household', 'head', 'name', \${hh}) | |`,
    lists: {
      household: [
        { name: 'h1', label: 'Li', village: 'v1', head: 'Li San', income: '10' },
        { name: 'h2', label: 'Wang', village: 'v2', head: 'Wang Wu', income: '20' },
        { name: 'h3', label: 'Sun', village: 'v2', head: 'Sun Liu', income: '5.5' },
      ],
    },
    steps: [
      ['village', 'v2'],
      ['hh', 'h3'],
      ['village', 'v1'],
      ['hh', 'h1'],
      ['village', ''],
    ],
  },
  {
    name: 'choices in the order of a seed',
    form: `
| survey |
| | type | name | label | parameters |
| | text | seed | Seed | |
| | select_one fruit | fixed | Fixed | randomize=true seed=42 |
| | select_one fruit | asked | Asked | randomize=true seed=\${seed} |
| choices |
| | list_name | name | label |
| | fruit | apple | Apple |
| | fruit | pear | Pear |
| | fruit | plum | Plum |
| | fruit | fig | Fig |
| | fruit | quince | Quince |`,
    steps: [
      ['seed', '42'],
      ['seed', '0.53'],
      ['seed', '-7.9'],
      ['seed', '2147483647'],
      ['seed', '12345678901'],
      ['seed', 'abc'],
      ['seed', '王建军'],
      ['seed', 'a text longer than one block of the digest, which takes sixty-four bytes at a time'],
      ['seed', ''],
    ],
  },
  {
    name: 'defaults and triggers',
    form: `
| survey |
| | type | name | label | calculation | default | trigger |
| | text | a | A | | x | |
| | text | b | B | | concat(\${a}, 'y') | |
| | text | c | C | concat('saw ', \${a}) | | \${a} |
| | calculate | d | | once(concat(\${a}, '!')) | | |`,
    steps: [
      ['a', 'z'],
      ['b', 'mine'],
      ['a', 'w'],
    ],
  },
];

const csvOf = (rows: readonly Readonly<Record<string, string>>[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  return [columns, ...rows.map(row => columns.map(column => row[column] ?? ''))]
    .map(line => line.join())
    .join('\n');
};

function wanted(oracle: Oracle, sums: readonly string[] = []): State {
  const said = Object.entries(oracle.state()).map(([path, one]) => {
    return [path, sums.includes(path) && one.value === '' ? { ...one, value: '0' } : one] as const;
  });
  return Object.fromEntries(said);
}

let compiled: Compiled[] = [];

beforeAll(() => {
  compiled = compileAll(TRIALS.map(({ form }) => ({ form: form.split('\n') })));
});

describe('the oracle agrees on', () => {
  test.each(TRIALS.map((trial, index) => [trial.name, trial, index] as const))(
    '%s',
    async (_, trial, index) => {
      const made = compiled[index];
      if (!made) throw new Error('not compiled');
      const lists = trial.lists ?? {};
      const csv = Object.fromEntries(
        Object.entries(lists).map(([name, rows]) => [`${name}.csv`, csvOf(rows)]),
      );
      const oracle = await Oracle.open(made.xform, csv);
      const filling = open(await load(made.javascript), { lists: new ListRows(lists) });
      expect(ownState(filling), 'at the start').toEqual(wanted(oracle, trial.sums));
      for (const step of trial.steps) {
        if ('add' in step) {
          oracle.add(step.add);
          filling.addRepeat(repeat(filling, step.add));
        } else if ('remove' in step) {
          oracle.remove(...step.remove);
          filling.removeRepeat(repeat(filling, step.remove[0]), step.remove[1]);
        } else {
          oracle.put(...step);
          put(filling, ...step);
        }
        expect(ownState(filling), JSON.stringify(step)).toEqual(wanted(oracle, trial.sums));
      }
    },
  );
});
