/** The shape of a compiled form module, and what the engine derives from it once at opening. */
import type { Row, Scope } from '../../../../forms/runtime.ts';

export type { Row, Scope };

/** A text per language; a part that an answer decides makes it a function. */
export type Label = Readonly<Record<string, string | ((c: Scope) => string)>>;

/** One row of a form's own choice list; `label` is a text per language, other columns are plain. */
export interface ChoiceRow {
  readonly name: string;
  readonly label: Label;
  readonly media?: Media;
  readonly [column: string]: string | Label | Media | undefined;
}

/** language -> image, audio or video -> file name. */
export type Media = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Kind = 'group' | 'repeat' | 'question';

type Test = (c: Scope) => boolean;
type Value = (c: Scope) => string;

/** A node as the compiler emits it; the engine adds ids, paths and children (see `NodeDef`). */
export interface EmittedNode {
  readonly name: string;
  readonly parent: number;
  readonly kind?: Kind;
  readonly type?: string;
  readonly control?: string;
  readonly media_type?: string;
  readonly appearance?: readonly string[];
  readonly label?: Label;
  readonly hint?: Label;
  readonly guidance?: Label;
  readonly media?: Media;
  readonly relevant?: Test;
  readonly required?: Test;
  readonly read_only?: Test;
  readonly constraint?: Test;
  readonly calculate?: Value;
  readonly count?: (c: Scope) => number;
  /** The instances a repeat begins with, by path the texts that differ from the defaults; left out for one. */
  readonly instances?: readonly Readonly<Record<string, string>>[];
  readonly required_message?: Label;
  readonly constraint_message?: Label;
  readonly default?: string;
  /** The form's own choice list or the external list that the choices come from. */
  readonly list?: string;
  readonly choices?: (c: Scope) => readonly Row[];
  /** Columns of value and label, where they are not `name` and `label`. */
  readonly choice_columns?: readonly [string, string];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly preload?: string;
  readonly subject?: string;
  readonly rule?: string;
  readonly level?: string;
  readonly purpose?: Label;
  readonly class?: string;
  readonly save_to?: string;
}

/** A node complete: `path` is `group/question` without positions, `repeat` the nearest repeat including itself. */
export interface NodeDef extends EmittedNode {
  readonly id: number;
  readonly kind: Kind;
  readonly type: string;
  readonly control: string;
  readonly path: string;
  readonly repeat: number;
  readonly appearance: readonly string[];
  readonly children: readonly number[];
}

export interface ActionDef {
  readonly event: string;
  readonly trigger: number;
  readonly target: number;
  readonly value: Value;
}

export interface EntityDef {
  readonly list_name: string;
  readonly container: number;
  readonly entity_id?: Value;
  readonly create_if?: Test;
  readonly update_if?: Test;
  readonly label?: Value;
  readonly save_to: Readonly<Record<string, number>>;
  readonly when: string;
}

export interface ListUse {
  readonly name: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

/** What the emitted ES module's `form(runtime)` returns. */
export interface FormModule {
  readonly form_id: string;
  readonly version: string;
  readonly title: Readonly<Record<string, string>>;
  readonly languages: readonly string[];
  readonly default_language: string;
  readonly style: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly lists: readonly ListUse[];
  readonly choices: Readonly<Record<string, readonly ChoiceRow[]>>;
  readonly nodes: readonly EmittedNode[];
  readonly order: readonly number[];
  readonly dependents: readonly (readonly number[])[];
  readonly wide: readonly (readonly number[])[];
  /** Nodes that compute with the label of a choice, which is another in another language. */
  readonly worded?: readonly number[];
  readonly actions: readonly ActionDef[];
  readonly entities: readonly EntityDef[];
  readonly instance_name?: Value;
}

/** A module with everything that is derived from it: computed once per opening, then only read. */
export interface Form {
  readonly module: FormModule;
  readonly nodes: readonly NodeDef[];
  /** node -> the repeat whose instance holds its answer; a repeat is held by the scope around it, 0 is the form. */
  readonly home: readonly number[];
  /** node -> ids of itself and its ancestors that have a relevant condition. */
  readonly guards: readonly (readonly number[])[];
  /** node -> place in the calculation order; those that compute nothing come after it. */
  readonly rank: readonly number[];
  /** place -> node. */
  readonly ranked: readonly number[];
  /** repeat -> the repeats around it, outermost first, itself last; for 0 empty. */
  readonly chain: ReadonlyMap<number, readonly number[]>;
  /** node -> path below the instance that holds it. */
  readonly local: readonly string[];
  /** repeat (0: the form) -> the nodes its instances hold, in document order. */
  readonly held: ReadonlyMap<number, readonly number[]>;
  /** The same, only those with a computation, in calculation order. */
  readonly computed: ReadonlyMap<number, readonly number[]>;
}

const NONE: readonly number[] = [];

/** Derive paths, scopes and ranks from an emitted module. */
export function linkForm(module: FormModule): Form {
  const nodes: NodeDef[] = [];
  const home: number[] = [];
  const local: string[] = [];
  const guards: (readonly number[])[] = [];
  const chain = new Map<number, readonly number[]>([[0, []]]);
  const children: number[][] = module.nodes.map(() => []);
  module.nodes.forEach((emitted, id) => {
    const parent = nodes[emitted.parent];
    children[emitted.parent]?.push(id);
    const def = complete(emitted, id, parent, children[id] ?? []);
    nodes.push(def);
    home.push(parent?.repeat ?? 0);
    local.push(localPath(def, parent, local));
    const around = (parent && guards[parent.id]) ?? NONE;
    guards.push(def.relevant ? [...around, id] : around);
    if (def.kind === 'repeat') chain.set(id, [...(chain.get(parent?.repeat ?? 0) ?? []), id]);
  });
  const held = byHome(
    home,
    nodes.map(def => def.id),
  );
  const computed = byHome(home, module.order);
  const ranked = inOrder(module);
  const rank: number[] = [];
  ranked.forEach((id, place) => (rank[id] = place));
  return { module, nodes, home, guards, rank, ranked, chain, local, held, computed };
}

function byHome(home: readonly number[], ids: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const id of ids) {
    const at = home[id] ?? 0;
    const same = found.get(at);
    if (same) same.push(id);
    else found.set(at, [id]);
  }
  return found;
}

function complete(
  emitted: EmittedNode,
  id: number,
  parent: NodeDef | undefined,
  children: number[],
): NodeDef {
  const kind = emitted.kind ?? 'question';
  return {
    ...emitted,
    id,
    kind,
    type: emitted.type ?? 'string',
    control: emitted.control ?? '',
    path: parent && parent.id > 0 ? `${parent.path}/${emitted.name}` : parent ? emitted.name : '',
    repeat: kind === 'repeat' ? id : (parent?.repeat ?? 0),
    appearance: emitted.appearance ?? [],
    children,
  };
}

function localPath(def: NodeDef, parent: NodeDef | undefined, local: readonly string[]): string {
  if (!parent) return '';
  const above = parent.kind === 'repeat' ? '' : (local[parent.id] ?? '');
  return above ? `${above}/${def.name}` : def.name;
}

function inOrder({ nodes, order }: FormModule): number[] {
  const isOrdered = new Set(order);
  return [...order, ...nodes.keys()].filter((id, place) => place < order.length || !isOrdered.has(id));
}
