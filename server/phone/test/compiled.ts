/** Compiles forms for tests with the real compiler, and opens them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as runtime from '../../../forms/runtime.ts';
import { openFilling } from '../src/filling.ts';
import type {
  Filling,
  FormModule,
  GroupView,
  InstanceView,
  Lists,
  Options,
  QuestionView,
  RepeatView,
  Row,
  Scope,
  View,
} from '../src/filling.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');
const OWN_PYTHON = join(ROOT, '.venv', 'bin', 'python');
export const PYTHON = process.env['PYTHON'] ?? (existsSync(OWN_PYTHON) ? OWN_PYTHON : 'python3');

export interface FormSource {
  readonly form?: readonly string[];
  readonly xform?: string;
  readonly expression?: string;
  readonly as?: string;
}

export interface Compiled {
  readonly javascript: string;
  readonly xform: string;
}

/** Compile all cases in one go: starting Python costs more than compiling. */
export function compileAll(cases: readonly FormSource[]): Compiled[] {
  const options = { cwd: ROOT, input: JSON.stringify(cases), maxBuffer: 1 << 28, encoding: 'utf8' } as const;
  return JSON.parse(execFileSync(PYTHON, ['-m', 'tests.forms.modules'], options)) as Compiled[];
}

/** Load an emitted module as a phone does: as a module of its own, never as text to evaluate. */
export async function load(javascript: string): Promise<FormModule> {
  const url = `data:text/javascript;base64,${Buffer.from(javascript).toString('base64')}`;
  const module = (await import(/* @vite-ignore */ url)) as { form: (rt: typeof runtime) => FormModule };
  return module.form(runtime);
}

/** Compile one markdown form and load it. */
export async function formOf(markdown: string): Promise<FormModule> {
  const [compiled] = compileAll([{ form: markdown.split('\n') }]);
  return load(compiled?.javascript ?? '');
}

export class ListRows implements Lists {
  private readonly lists: Map<string, readonly Row[]>;

  constructor(lists: Readonly<Record<string, readonly Row[]>>) {
    this.lists = new Map(Object.entries(lists));
  }

  rows(list: string): readonly Row[] {
    return this.lists.get(list) ?? [];
  }

  by(list: string, column: string, value: string): readonly Row[] {
    return this.rows(list).filter(row => (row[column] ?? '') === value);
  }
}

export const NOON = new Date('2016-10-15T04:00:00Z');

/** Where an expression alone is evaluated: nothing is answered, there is only a clock. */
export const NOWHERE: Scope = {
  chance: 0,
  meta: { now: () => NOON },
  textOf: () => '',
  heldOf: () => '',
  textsOf: () => [],
  countOf: () => 0,
  rowsOf: () => [],
  positionOf: () => NaN,
};

export function open(module: FormModule, more: Partial<Options> = {}): Filling {
  const meta = { now: () => NOON, ...more.meta };
  return openFilling(module, { lists: new ListRows({}), language: module.default_language, ...more, meta });
}

/** Find a view by its path; instances are added up to the one named, and a repeat itself is named without. */
export function find(filling: Filling, path: string): View {
  let children: readonly View[] = filling.root.children;
  let found: View | undefined;
  for (const step of path.split('/')) {
    const [, name = '', index] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
    found = children.find(view => view.def.name === name);
    if (!found) throw new Error(`no ${path}`);
    if (found.kind === 'repeat') children = index ? instance(filling, found, Number(index)).children : [];
    else if (found.kind === 'group') children = found.children;
  }
  if (!found) throw new Error(`no ${path}`);
  return found;
}

function instance(filling: Filling, view: RepeatView, index: number): InstanceView {
  while (view.isOpen && view.instances.value.length < index) filling.addRepeat(view);
  const found = view.instances.value[index - 1];
  if (!found) throw new Error(`no instance ${index} of ${view.path}`);
  return found;
}

export function question(filling: Filling, path: string): QuestionView {
  const view = find(filling, path);
  if (view.kind !== 'question') throw new Error(`${path} is no question`);
  return view;
}

export function repeat(filling: Filling, path: string): RepeatView {
  const view = find(filling, path);
  if (view.kind !== 'repeat') throw new Error(`${path} is no repeat`);
  return view;
}

export function group(filling: Filling, path: string): GroupView {
  const view = find(filling, path);
  if (view.kind !== 'group') throw new Error(`${path} is no group`);
  return view;
}

/** Text as expressions see it: '' when not relevant. */
export function seen(filling: Filling, path: string): string {
  const view = question(filling, path);
  return view.relevant.value ? view.value.value : '';
}

export function put(filling: Filling, path: string, text: string): void {
  filling.set(question(filling, path), text);
}
