/** Fills a form in ODK Web Forms' engine, the oracle, and writes down its state in the words of ours. */
import type { Filling, FillingError, QuestionView, View } from '../src/filling.ts';

/** As much of the engine as is used here: its own declarations need packages that it doesn't bring. */
interface Node {
  readonly nodeType: string;
  readonly currentState: {
    readonly reference: string;
    readonly relevant: boolean;
    readonly required: boolean;
    readonly readonly: boolean;
    readonly label: Words | null;
    readonly hint?: Words | null;
    readonly children: readonly Node[] | null;
    readonly instanceValue?: string;
    readonly valueOptions?: readonly { readonly value: string; readonly label: Words }[] | null;
  };
  readonly validationState?: { readonly violation?: { readonly message: Words | null } | null };
  readonly setValue?: (value: string | boolean | File | null) => void;
  readonly setValues?: (values: readonly string[]) => void;
  readonly selectValues?: (values: readonly string[]) => void;
  readonly addInstances?: () => void;
  readonly removeInstances?: (index: number) => void;
}

interface Root extends Node {
  readonly languages: readonly { readonly language: string }[];
  readonly setLanguage: (language: object) => void;
  readonly prepareInstancePayload: () => Promise<{ readonly data: readonly FormData[] }>;
}

interface Engine {
  readonly createInstance: (xform: string, options: object) => Promise<{ readonly root: Root }>;
}

interface Words {
  readonly asString: string;
}

/** What both engines say about one question; '' where a question is not relevant. */
export interface Said {
  readonly relevant: boolean;
  readonly value: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly isValid: boolean;
  readonly label: string;
  readonly hint: string;
  /** What the author says about the answer, when something is wrong with it. */
  readonly message: string;
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

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  xml: 'text/xml',
  geojson: 'application/geo+json',
};

export class Oracle {
  private readonly root: Root;

  private constructor(root: Root) {
    this.root = root;
  }

  /** Open a form new; `files` are what came along, by name. A file that is missing is empty. */
  static async open(
    xform: string,
    files: Readonly<Record<string, string>> = {},
    preloadProperties: Readonly<Record<string, string>> = {},
  ): Promise<Oracle> {
    const fetchFormAttachment = (url: URL): Promise<Response> => {
      const name = decodeURIComponent(url.href.replace(/^.*\//, ''));
      const type = TYPES[name.replace(/^.*\./, '')] ?? 'text/csv';
      return Promise.resolve(
        name in files
          ? new Response(files[name], { headers: { 'content-type': type } })
          : new Response('', { status: 404 }),
      );
    };
    const { createInstance } = await loadEngine();
    const options = { fetchFormAttachment, missingResourceBehavior: 'BLANK' };
    const instance = await createInstance(xform, { form: options, instance: { preloadProperties } });
    return new Oracle(instance.root);
  }

  put(path: string, text: string): void {
    const node = this.leaf(path);
    const values = text === '' ? [] : text.split(' ');
    if (node.nodeType === 'select') node.selectValues?.(isOffered(node, text) ? [text] : values);
    else if (node.nodeType === 'rank') node.setValues?.(values);
    else if (node.nodeType === 'upload') node.setValue?.(text === '' ? null : new File(['x'], 'a.jpg'));
    else node.setValue?.(node.nodeType === 'trigger' ? text !== '' : text);
  }

  speak(language: string): void {
    const isMeant = (name: string): boolean => name === language || name.endsWith(`(${language})`);
    const found = this.root.languages.find(each => isMeant(each.language));
    if (!found) throw new Error(`the oracle does not speak ${language}`);
    this.root.setLanguage(found);
  }

  /** The record as XML. */
  async xml(): Promise<string> {
    const { data } = await this.root.prepareInstancePayload();
    const file = data[0]?.get('xml_submission_file');
    return file instanceof File ? await file.text() : '';
  }

  add(path: string): void {
    this.leaf(path).addInstances?.();
  }

  remove(path: string, index: number): void {
    this.leaf(path).removeInstances?.(index);
  }

  /** What it says of every question, without what the record says of itself. */
  state(): State {
    const said = [...this.leaves()].flatMap(([path, node]) => {
      const one = describe(node);
      return one && !/^(\w+:)?meta\//.test(path) ? [[path, one] as const] : [];
    });
    return Object.fromEntries(said);
  }

  has(path: string): boolean {
    return this.leaves().has(path);
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

/**
 * What the record says of itself, and its entities; a form may prefix it. Here a new row's id is an answer; the oracle
 * may put an id into a repeat.
 */
export const isMeta = (path: string): boolean => /(^|\/)((\w+:)?meta\/|instanceID$|_entity_id$)/.test(path);

const isOffered = (node: Node, text: string): boolean =>
  (node.currentState.valueOptions ?? []).some(each => each.value === text);

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
    hint: isRelevant ? oneSpaced(state.hint?.asString ?? '') : '',
    message: oneSpaced(validationState?.violation?.message?.asString ?? ''),
    choices: offered.map(({ value, label }) => `${value}=${oneSpaced(label.asString)}`).join(),
  };
}

/** pyxform puts spaces around outputs, which the compiler drops at the ends. */
const oneSpaced = (text: string): string => text.trim().replace(/ +/g, ' ');

/** The same of our own filling. */
export function ownState(filling: Filling): State {
  const broken = new Map(filling.errors().map(error => [error.view.path, error]));
  const found: [string, Said][] = [];
  const visit = (view: View): void => {
    if (isMeta(view.path)) return;
    if (view.kind === 'question') found.push([view.path, sayOwn(view, broken)]);
    else if (view.kind === 'group') view.children.forEach(visit);
    else view.instances.value.forEach(each => each.children.forEach(visit));
  };
  filling.root.children.forEach(visit);
  return Object.fromEntries(found);
}

function sayOwn(view: QuestionView, broken: ReadonlyMap<string, FillingError>): Said {
  const isRelevant = view.relevant.value;
  const error = broken.get(view.path);
  const offered = isRelevant ? view.choices.value : [];
  return {
    relevant: isRelevant,
    value: isRelevant ? view.value.value : '',
    required: isRelevant && view.required.value,
    readOnly: isRelevant && view.readOnly.value,
    isValid: !error,
    label: isRelevant && view.def.control ? oneSpaced(view.label.value) : '',
    hint: isRelevant ? oneSpaced(view.hint.value) : '',
    message: error && hasWords(view, error) ? oneSpaced(error.message) : '',
    choices: offered.map(({ name, label }) => `${name}=${oneSpaced(label)}`).join(),
  };
}

/** The app has words of its own where the author has none. */
const hasWords = ({ def }: QuestionView, { kind }: FillingError): boolean =>
  (kind === 'required' && def.required_message !== undefined) ||
  (kind === 'constraint' && def.constraint_message !== undefined);
