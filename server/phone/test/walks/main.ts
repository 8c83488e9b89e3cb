/** Walks through forms: cases as JSON on standard input, one line of JSON for each walked form on standard output. */
import { readFileSync } from 'node:fs';
import type { FormModule, Options, Row } from '../../src/filling.ts';
import type { Open } from './reopening.ts';
import { setStage } from './stage.ts';

interface Case {
  readonly name: string;
  readonly javascript: string;
  readonly xform: string;
  /** The same as the oracle gets it. */
  readonly oracle: string;
  readonly lists: Readonly<Record<string, readonly Row[]>>;
  readonly files: Readonly<Record<string, string>>;
  readonly seeds: readonly number[];
  readonly steps: number;
  readonly budget_ms: number;
}

interface Request {
  readonly now: string;
  readonly cases: readonly Case[];
}

/** What a phone knows of its user. */
const KNOWN = {
  deviceID: 'device1',
  email: 'an@example.org',
  username: 'an',
  phoneNumber: '10030000001',
};

const request = JSON.parse(readFileSync(0, 'utf8')) as Request;
setStage(request.now);

// Only now: the oracle looks for a document when it is loaded.
const { openFilling } = await import('../../src/filling.ts');
const { ListRows, load } = await import('../compiled.ts');
const { Oracle } = await import('../oracle.ts');
const { Walk } = await import('./walk.ts');

for (const each of request.cases) {
  const module = await load(each.javascript);
  for (const seed of each.seeds) {
    const line = await walkOnce(each, module, seed).catch((error: unknown) => ({ crash: String(error) }));
    process.stdout.write(`${JSON.stringify({ name: each.name, seed, ...line })}\n`);
  }
}

async function walkOnce(one: Case, module: FormModule, seed: number): Promise<object> {
  const options: Omit<Options, 'language'> = {
    lists: new ListRows(one.lists),
    meta: {
      now: () => new Date(),
      deviceid: KNOWN.deviceID,
      email: KNOWN.email,
      username: KNOWN.username,
      phonenumber: KNOWN.phoneNumber,
    },
  };
  const { xform, steps, budget_ms: budgetMs } = one;
  const oracle = await Oracle.open(one.oracle, one.files, KNOWN).catch(String);
  const open: Open = (language, saved) =>
    openFilling(module, { ...options, language, ...(saved ? { saved } : {}) });
  return new Walk(module, open, oracle, { xform, seed, steps, budgetMs }).walk();
}
