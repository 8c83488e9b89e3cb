/** Fills a form in ODK Web Forms' engine, the oracle, and writes down its state in the words of ours. */
import type { Filling, QuestionView, View } from '../src/filling.ts';

/** As much of the engine as is used here: its own declarations need packages that it doesn't bring. */
interface Node {
  readonly nodeType: string;
  readonly currentState: {
    readonly reference: string;
    readonly relevant: boolean;
    readonly required: boolean;
    readonly readonly: boolean;
    readonly label: { readonly asString: string } | null;
    readonly children: readonly Node[] | null;
    readonly instanceValue?: string;
    readonly valueOptions?:
      readonly { readonly value: string; readonly label: { readonly asString: string } }[] | null;
  };
  readonly validationState?: { readonly violation: unknown };
  readonly setValue?: (value: string | boolean) => void;
  readonly selectValues?: (values: readonly string[]) => void;
  readonly addInstances?: () => void;
  readonly removeInstances?: (index: number) => void;
}

interface Engine {
  readonly createInstance: (xform: string, options: object) => Promise<{ readonly root: Node }>;
}

/** What both engines say about one question; '' where a question is not relevant. */
export interface Said {
  readonly relevant: boolean;
  readonly value: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly isValid: boolean;
  readonly label: string;
  readonly choices: string;
}

/** The engine is built for browsers: it must not notice that this is Node while its parser loads. */
async function loadEngine(): Promise<Engine> {
  const real = globalThis.process;
  const hidden = new Proxy(real, {
    get: (target, name): unknown => (name === 'versions' ? {} : (Reflect.get(target, name) as unknown)),
  });
  globalThis.process = hidden;
  try {
    return (await import('@getodk/xforms-engine')) as unknown as Engine;
  } finally {
    globalThis.process = real;
  }
}

export type State = Readonly<Record<string, Said>>;

export class Oracle {
  private readonly root: Node;

  private constructor(root: Node) {
    this.root = root;
  }

  static async open(xform: string, csv: Readonly<Record<string, string>> = {}): Promise<Oracle> {
    const fetchFormAttachment = (url: URL): Promise<Response> => {
      const text = csv[url.href.replace(/^.*\//, '').replace(/\.csv$/, '')] ?? '';
      return Promise.resolve(new Response(text, { headers: { 'content-type': 'text/csv' } }));
    };
    const { createInstance } = await loadEngine();
    const instance = await createInstance(xform, { form: { fetchFormAttachment } });
    return new Oracle(instance.root);
  }

  put(path: string, text: string): void {
    const node = this.leaf(path);
    if (node.nodeType === 'select') node.selectValues?.(text === '' ? [] : text.split(' '));
    else node.setValue?.(node.nodeType === 'trigger' ? text !== '' : text);
  }

  add(path: string): void {
    this.leaf(path).addInstances?.();
  }

  remove(path: string, index: number): void {
    this.leaf(path).removeInstances?.(index);
  }

  state(): State {
    const said = [...this.leaves()].flatMap(([path, node]) => {
      const one = describe(node);
      return one && !path.startsWith('meta/') ? [[path, one] as const] : [];
    });
    return Object.fromEntries(said);
  }

  private leaf(path: string): Node {
    const node = this.leaves().get(path);
    if (!node) throw new Error(`the oracle has no ${path}`);
    return node;
  }

  private leaves(): Map<string, Node> {
    const found = new Map<string, Node>();
    const visit = (node: Node): void => {
      found.set(node.currentState.reference.split('/').slice(2).join('/'), node);
      (node.currentState.children ?? []).forEach(visit);
    };
    visit(this.root);
    return found;
  }
}

function describe(node: Node): Said | null {
  const { currentState: state, validationState } = node;
  if (state.children !== null || state.instanceValue === undefined) return null;
  const isRelevant = state.relevant;
  const offered = (isRelevant ? state.valueOptions : null) ?? [];
  return {
    relevant: isRelevant,
    value: isRelevant ? state.instanceValue : '',
    required: isRelevant && state.required,
    readOnly: isRelevant && state.readonly,
    isValid: (validationState?.violation ?? null) === null,
    label: isRelevant ? oneSpaced(state.label?.asString ?? '') : '',
    choices: offered.map(({ value, label }) => `${value}=${label.asString}`).join(),
  };
}

/** pyxform puts spaces around outputs, which the compiler drops at the ends. */
const oneSpaced = (text: string): string => text.trim().replace(/ +/g, ' ');

/** The same of our own filling. */
export function ownState(filling: Filling): State {
  const broken = new Set(filling.errors().map(error => error.view.path));
  const found: [string, Said][] = [];
  const visit = (view: View): void => {
    if (view.kind === 'question') found.push([view.path, sayOwn(view, broken)]);
    else if (view.kind === 'group') view.children.forEach(visit);
    else view.instances.value.forEach(each => each.children.forEach(visit));
  };
  filling.root.children.forEach(visit);
  return Object.fromEntries(found);
}

function sayOwn(view: QuestionView, broken: ReadonlySet<string>): Said {
  const isRelevant = view.relevant.value;
  const offered = isRelevant ? view.choices.value : [];
  return {
    relevant: isRelevant,
    value: isRelevant ? view.value.value : '',
    required: isRelevant && view.required.value,
    readOnly: isRelevant && view.readOnly.value,
    isValid: !broken.has(view.path),
    label: isRelevant ? oneSpaced(view.label.value) : '',
    choices: offered.map(({ name, label }) => `${name}=${label}`).join(),
  };
}
