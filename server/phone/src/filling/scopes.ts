/** One instance of a repeat (or the whole form): its texts, its relevance, and how expressions reach other nodes. */
import type { Predicate, Row, RowPredicate, Scope } from '../../../../forms/runtime.ts';
import type { Form, NodeDef } from './form.ts';
import { settled } from './serialise.ts';
import type { Tables } from './tables.ts';
import type { Meta } from './types.ts';

/** What every instance of one filling shares. */
export interface World {
  readonly form: Form;
  readonly tables: Tables;
  readonly meta: Meta;
  /** The language now shown; reading it makes a signal depend on it. */
  language(): string;
}

let lastKey = 0;

export class Instance implements Scope {
  readonly world: World;
  /** The repeat this is an instance of; 0 is the form itself. */
  readonly repeat: number;
  readonly parent: Instance | null;
  /** Tells instances apart for as long as they live, while positions shift. */
  readonly key = ++lastKey;
  readonly chance = Math.random();
  /** Remembered texts by node, relevant or not. */
  readonly texts = new Map<number, string>();
  /** Nodes whose own relevant condition is false. */
  readonly hidden = new Set<number>();
  readonly repeats = new Map<number, Instance[]>();
  /** Instances a shrunken count took away; they come back when it grows again. */
  readonly spare = new Map<number, Instance[]>();

  constructor(world: World, repeat: number, parent: Instance | null) {
    this.world = world;
    this.repeat = repeat;
    this.parent = parent;
  }

  /** Put the static defaults in; a repeat that the person extends starts with one instance, as ODK forms do. */
  fill(): this {
    for (const id of this.world.form.held.get(this.repeat) ?? []) {
      const def = this.world.form.nodes[id];
      if (def?.default) this.texts.set(id, settled(def, def.default));
      if (def?.kind === 'repeat') this.repeats.set(id, def.count ? [] : this.first(def));
    }
    return this;
  }

  /** The instances a repeat begins with, as the form says: one in most. */
  private first(def: NodeDef): Instance[] {
    return (def.instances ?? [{}]).map(texts => {
      const made = new Instance(this.world, def.id, this).fill();
      for (const id of this.world.form.held.get(def.id) ?? []) {
        const text = texts[this.world.form.local[id] ?? ''];
        const each = this.world.form.nodes[id];
        if (each && text !== undefined) made.texts.set(id, settled(each, text));
      }
      return made;
    });
  }

  get meta(): Meta {
    return this.world.meta;
  }

  textOf(node: number): string {
    const at = this.holder(node);
    return at?.isRelevant(node) ? (at.texts.get(node) ?? '') : '';
  }

  heldOf(node: number): string {
    return this.holder(node)?.texts.get(node) ?? '';
  }

  textsOf(node: number, anchor: number, predicates: readonly Predicate[]): string[] {
    return this.instancesOf(node, anchor, predicates).map(at => at.texts.get(node) ?? '');
  }

  countOf(node: number, anchor: number, predicates: readonly Predicate[]): number {
    return this.instancesOf(node, anchor, predicates).length;
  }

  rowsOf(
    list: string,
    equals: readonly (readonly [string, string])[],
    predicates: readonly RowPredicate[],
  ): readonly Row[] {
    return this.world.tables.select(list, equals, predicates);
  }

  positionOf(repeat: number): number {
    const at = this.ancestor(repeat);
    return at ? at.index() + 1 : NaN;
  }

  /** Place among the instances of the same repeat, from 0. */
  index(): number {
    return this.parent?.repeats.get(this.repeat)?.indexOf(this) ?? 0;
  }

  /** The instance that holds `node` as seen from here: the nearest around, else the first below. */
  holder(node: number): Instance | undefined {
    const home = this.world.form.home[node] ?? 0;
    if (home === this.repeat) return this;
    const start = this.common(home);
    const below = this.chainBelow(start, home);
    return below.reduce<Instance | undefined>((at, repeat) => at?.repeats.get(repeat)?.[0], start);
  }

  /** Whether the node and everything around it is relevant. */
  isRelevant(node: number): boolean {
    const { guards, home } = this.world.form;
    for (const guard of guards[node] ?? []) {
      if (this.ancestor(home[guard] ?? 0)?.hidden.has(guard)) return false;
    }
    return true;
  }

  /** Every instance that holds `node`, below the nearest instance around this one that can see it. */
  reach(node: number): Instance[] {
    const home = this.world.form.home[node] ?? 0;
    return this.common(home).below(home);
  }

  /** All instances of `repeat` below this one, in document order; itself when it is one. */
  below(repeat: number): Instance[] {
    let level: Instance[] = [this];
    for (const next of this.chainBelow(this, repeat)) level = level.flatMap(at => at.repeats.get(next) ?? []);
    return level;
  }

  /** Path of the instance with 1-based positions and a final slash; '' for the form. */
  prefix(): string {
    if (!this.parent) return '';
    const local = this.world.form.local[this.repeat] ?? '';
    return `${this.parent.prefix()}${local}[${this.index() + 1}]/`;
  }

  pathOf(def: NodeDef): string {
    return this.prefix() + (this.world.form.local[def.id] ?? '');
  }

  private instancesOf(node: number, anchor: number, predicates: readonly Predicate[]): Instance[] {
    const { form } = this.world;
    const def = form.nodes[node];
    const target = def?.kind === 'repeat' ? node : (form.home[node] ?? 0);
    const start = this.ancestor(anchor) ?? this;
    let level: Instance[] = [start];
    for (const repeat of this.chainBelow(start, target)) {
      level = level.flatMap(at => filtered(at.repeats.get(repeat) ?? [], repeat, predicates));
    }
    return level.filter(at => at.isRelevant(node));
  }

  private ancestor(repeat: number): Instance | undefined {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- it walks up from here
    let at: Instance | null = this;
    while (at && at.repeat !== repeat) at = at.parent;
    return at ?? undefined;
  }

  /** The nearest instance around this one that is, or contains, instances of `repeat`. */
  private common(repeat: number): Instance {
    const chain = this.world.form.chain.get(repeat) ?? [];
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- it walks up from here
    let at: Instance = this;
    while (at.parent && !chain.includes(at.repeat)) at = at.parent;
    return at;
  }

  private chainBelow(start: Instance, repeat: number): readonly number[] {
    const chain = this.world.form.chain.get(repeat) ?? [];
    return chain.slice(chain.indexOf(start.repeat) + 1);
  }
}

function filtered(instances: Instance[], repeat: number, predicates: readonly Predicate[]): Instance[] {
  return predicates
    .filter(([of]) => of === repeat)
    .reduce((left, [, test]) => left.filter((at, index) => test(at, index + 1, left.length)), instances);
}
