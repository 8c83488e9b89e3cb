/** The shared conformance cases, run by the phone's runtime and filling engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FormModule, Row } from '../src/filling.ts';
import { compileAll, find, ListRows, load, NOWHERE, open, put, question, seen } from './compiled.ts';
import type { FormSource } from './compiled.ts';

interface Case extends FormSource {
  readonly name: string;
  readonly only?: string;
  readonly answers?: Readonly<Record<string, string>>;
  readonly lists?: Readonly<Record<string, readonly Row[]>>;
  readonly meta?: { readonly ended_at: string };
  readonly expect: unknown;
}

interface Expected {
  readonly values?: Readonly<Record<string, string>>;
  readonly relevant?: Readonly<Record<string, boolean>>;
  readonly violations?: readonly string[];
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly answers?: unknown;
}

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'tests', 'conformance');
const INEXACT = /\b(pow|exp|exp10|log|log10|sin|cos|tan|asin|acos|atan|atan2|area|distance)\(/;
const NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 };

const files = readdirSync(FOLDER).filter(name => name.endsWith('.json'));

function evaluate(module: FormModule): unknown {
  const node = module.nodes[1];
  return (node?.calculate ?? node?.count ?? node?.relevant)?.(NOWHERE);
}

function expectValue(found: unknown, { expect: wanted, as = 'text', expression = '' }: Case): void {
  if (as !== 'number') expect(found).toBe(wanted);
  else if (typeof wanted === 'string') expect(found).toBe(NUMBERS[wanted]);
  else if (INEXACT.test(expression)) expect(Math.abs(Number(found) / Number(wanted) - 1)).toBeLessThan(1e-12);
  else expect(found).toBe(wanted);
}

function fillIn(module: FormModule, given: Case): ReturnType<typeof open> {
  const now = new Date(given.meta?.ended_at ?? '2016-10-15T01:20:00Z');
  const filling = open(module, { lists: new ListRows(given.lists ?? {}), meta: { now: () => now } });
  for (const [path, text] of Object.entries(given.answers ?? {})) put(filling, path, text);
  return filling;
}

function check(module: FormModule, given: Case): void {
  const filling = fillIn(module, given);
  const wanted = given.expect as Expected;
  const values = Object.keys(wanted.values ?? {}).map(path => [path, seen(filling, path)]);
  expect(Object.fromEntries(values)).toEqual(wanted.values ?? {});
  const relevant = Object.keys(wanted.relevant ?? {}).map(path => [path, find(filling, path).relevant.value]);
  expect(Object.fromEntries(relevant)).toEqual(wanted.relevant ?? {});
  const names = (path: string): string[] => question(filling, path).choices.value.map(({ name }) => name);
  for (const [path, offered] of Object.entries(wanted.choices ?? {})) expect(names(path)).toEqual(offered);
  if (wanted.violations) {
    const found = filling.errors().map(({ view, kind }) => `${view.path}:${kind}`);
    expect(found.sort()).toEqual([...wanted.violations].sort());
  }
  if (wanted.answers !== undefined) expect(filling.serialise().answers).toEqual(wanted.answers);
}

describe.each(files)('%s', file => {
  const all = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Case[];
  const cases = all.filter(each => each.only !== 'python');
  const modules = compileAll(cases);
  test.each(cases.map((each, index) => [each.name, each, modules[index]] as const))(
    '%s',
    async (_, each, made) => {
      const module = await load(made?.javascript ?? '');
      if (each.expression === undefined) check(module, each);
      else expectValue(evaluate(module), each);
    },
  );
});
