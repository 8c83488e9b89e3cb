// @vitest-environment jsdom
/** The town's own forms in ODK Web Forms' engine and in ours: what they compute, show and demand agrees. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { compileAll, ListRows, load, NOON, open, put, question } from './compiled.ts';
import type { Compiled } from './compiled.ts';
import { ADDED, BY_CHANCE, csvOf, income, LISTS, NAMES, STEPS, text } from './library.ts';
import { Oracle, ownState } from './oracle.ts';
import type { Said, State } from './oracle.ts';

/** The oracle writes 200 typed into a decimal as 200.0, also in a place; we keep what was typed. */
const number = (said: Said): Said => ({
  ...said,
  value: said.value.replace(/(?<=^|\d )(-?\d+)\.0(?= -?\d|$)/g, '$1'),
});

/** Both states without what differs by chance; the label of a calculation is ours alone, nobody sees it. */
function compare(own: State, oracle: State, when: string): void {
  const kept = Object.entries(oracle).filter(([path]) => !BY_CHANCE.test(path));
  const wanted = kept.map(([path, said]) => [path, number(said)] as const);
  const found = wanted.map(([path, said]) => {
    const ours = own[path];
    return [path, ours && !said.label ? { ...ours, label: '' } : ours] as const;
  });
  expect(Object.fromEntries(found), when).toEqual(Object.fromEntries(wanted));
}

let compiled: Compiled[] = [];

beforeAll(() => {
  vi.useFakeTimers({ now: NOON, toFake: ['Date'] });
  compiled = compileAll(NAMES.map(name => ({ form: text(`${name}.md`).split('\n') })));
}, 60_000);

describe('the oracle agrees on the library', () => {
  test.each(NAMES.map((name, index) => [name, index] as const))(
    '%s',
    { timeout: 60_000 },
    async (name, index) => {
      const made = compiled[index];
      if (!made) throw new Error('not compiled');
      const csv = Object.fromEntries(
        Object.entries(LISTS).map(([list, rows]) => [`${list}.csv`, csvOf(rows)]),
      );
      const oracle = await Oracle.open(made.xform, csv);
      const filling = open(await load(made.javascript), { lists: new ListRows(LISTS) });
      compare(ownState(filling), oracle.state(), 'at the start');
      for (const step of STEPS[name]) {
        oracle.put(...step);
        put(filling, ...step);
        compare(ownState(filling), oracle.state(), step.join(' = '));
      }
    },
  );
});

test('the worked examples of the exit check', async () => {
  const filling = open(await load(compiled[1]?.javascript ?? ''), {
    lists: new ListRows(LISTS),
    subject: 'h1',
  });
  const value = (path: string): string => question(filling, path).value.value;
  for (const [path, amount] of income) put(filling, path, amount);
  put(filling, 'result/conclusion', 'exit');
  expect([value('per_capita_text'), value('r37')]).toEqual(['10,850.00', '0']);
  expect(question(filling, 'result/conclusion').error.value).toBe('');
  put(filling, 'wage_page/w2', '0');
  expect(value('per_capita_text')).toBe('5,600.00');
  expect(question(filling, 'result/conclusion').error.value).toBe('人均纯收入未达标，不能建议脱贫');
  put(filling, 'wage_page/w2', '9000');
  for (const [path, answer] of ADDED) put(filling, path, answer);
  expect([value('per_capita_text'), value('r37')]).toEqual(['6,280.00', '1']);
  expect(question(filling, 'result/conclusion').error.value).toBe('');
});
