/** Any values through the helpers of both runtimes, any text through the expression parser: phone and server agree. */
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test, vi } from 'vitest';
import * as runtime from '../../../forms/runtime.ts';
import { argumentsOf, garbage, nested } from './anything.ts';
import type { Helper } from './anything.ts';
import { load, NOWHERE, PYTHON, ROOT } from './compiled.ts';

/** For each helper; more of them look harder. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);

// Only what hangs takes so long.
vi.setConfig({ testTimeout: 60_000 });

interface Answer {
  readonly value?: unknown;
  readonly javascript?: string;
  readonly error?: string;
  readonly crash?: string;
}

/** The server's side: a line in, a line out. */
class Server {
  private readonly child = spawn(PYTHON, ['-m', 'tests.forms.answering'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  private readonly lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();

  async read(): Promise<unknown> {
    const { value } = (await this.lines.next()) as { value: string };
    return JSON.parse(value);
  }

  async ask(question: object): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    return (await this.read()) as Answer;
  }

  end(): void {
    this.child.stdin.end();
  }
}

const server = new Server();
const helpers = Object.entries((await server.read()) as Record<string, Helper>);

afterAll(() => {
  server.end();
});

/** A number that JSON can't hold is told by its name. */
const told = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && (!Number.isFinite(each) || Object.is(each, -0))
        ? { number: Object.is(each, -0) ? '-0' : String(each) }
        : each,
    ),
  );

function isClose(ours: unknown, theirs: unknown): boolean {
  if (typeof ours !== 'number' || typeof theirs !== 'number') return false;
  return Math.abs(ours - theirs) <= 1e-9 * Math.max(Math.abs(ours), Math.abs(theirs), 1e-3);
}

async function agree(name: string, helper: Helper, given: readonly unknown[]): Promise<void> {
  const call = (runtime as unknown as Record<string, (...given: unknown[]) => unknown>)[name];
  const ours = told(call?.(...(helper.needs_scope ? [NOWHERE] : []), ...given));
  const asked = { helper: name, needs_scope: helper.needs_scope, arguments: told(given) };
  const { value: theirs, crash } = await server.ask(asked);
  if (crash === undefined && helper.is_inexact && isClose(ours, theirs)) return;
  expect({ given, crash, value: theirs }).toEqual({ given, crash: undefined, value: ours });
}

describe('a helper gives the same in both runtimes for any values', () => {
  test.each(helpers)('%s', async (name, helper) => {
    const property = fc.asyncProperty(argumentsOf(helper), given => agree(name, helper, given));
    await fc.assert(property, { numRuns: RUNS });
  });
});

/** Refused with a reason, or of one value on both sides. */
async function read(expression: string): Promise<void> {
  const { javascript, value, error, crash } = await server.ask({ expression });
  expect({ expression, crash }).toEqual({ expression, crash: undefined });
  if (error !== undefined) return;
  // Whoever calculates only itself calculates nothing.
  const ours = (await load(javascript ?? '')).nodes[1]?.calculate?.(NOWHERE) ?? '';
  expect({ expression, value: ours }).toEqual({ expression, value });
}

describe('an expression is refused, or gives the same on phone and server', () => {
  test('whatever is strung together', async () => {
    await fc.assert(fc.asyncProperty(garbage, read), { numRuns: RUNS * 10 });
  });

  test('whatever is nested by the rules', async () => {
    await fc.assert(fc.asyncProperty(nested, read), { numRuns: RUNS * 5 });
  });

  test('of any characters', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme' }), read), { numRuns: RUNS * 5 });
  });
});
