/** What has to be computed again after a change, in calculation order, each thing at most once per wave. */
import type { Form } from './form.ts';
import { Instance } from './scopes.ts';
import { settled } from './serialise.ts';
import { chosen } from './tables.ts';

/** More rounds than any order needs: a loop the compiler couldn't see (through positions or counts) ends here. */
const MAX_STEPS = 1_000_000;
/** A count typed by mistake must not freeze the phone. */
const MAX_INSTANCES = 1000;

export interface Hooks {
  /** An instance came to be (again): its nodes are marked, its new-repeat actions are still to run. */
  created(instance: Instance): void;
  /** The instances of a repeat are others than before. */
  resized(at: Instance, repeat: number): void;
  /** The text of a question is another than before. */
  texted(at: Instance, node: number): void;
  /** Something a view of this node shows may have changed. */
  looked(at: Instance, node: number): void;
  /** Something became relevant, or is no longer. */
  turned(): void;
}

export class Recomputer {
  private readonly form: Form;
  private readonly hooks: Hooks;
  /** By rank the instances in which that node waits; mostly there is one. */
  private readonly waiting: (Instance | Set<Instance> | undefined)[] = [];
  private lowest = Infinity;

  constructor(form: Form, hooks: Hooks) {
    this.form = form;
    this.hooks = hooks;
  }

  /** Put a text into a question and mark what reads it; false when it was there already. */
  put(at: Instance, node: number, given: string): boolean {
    const def = this.form.nodes[node];
    const text = def ? settled(def, given) : given;
    if ((at.texts.get(node) ?? '') === text) return false;
    at.texts.set(node, text);
    this.changed(at, node);
    this.hooks.texted(at, node);
    return true;
  }

  /** Mark everything that has a computation in a new instance (or in the form), and in the instances it holds. */
  markAll(at: Instance): void {
    for (const id of this.form.computed.get(at.repeat) ?? []) this.mark(at, id);
    for (const below of at.repeats.values()) below.forEach(each => this.markAll(each));
  }

  /** Work out relevance alone, in order: for texts that are as they should be. */
  relateAll(root: Instance): void {
    for (const id of this.form.module.order) {
      const test = this.form.nodes[id]?.relevant;
      if (test) root.below(this.form.home[id] ?? 0).forEach(at => test(at) || at.hidden.add(id));
    }
  }

  mark(at: Instance, node: number): void {
    const rank = this.form.rank[node] ?? 0;
    const waits = this.waiting[rank];
    if (waits === undefined) this.waiting[rank] = at;
    else if (waits instanceof Set) waits.add(at);
    else if (waits !== at) this.waiting[rank] = new Set([waits, at]);
    if (rank < this.lowest) this.lowest = rank;
  }

  /** Mark what reads `node` of this instance. */
  changed(at: Instance, node: number): void {
    this.markReach(at, this.form.module.dependents[node]);
    this.markReach(rootOf(at), this.form.module.wide[node]);
  }

  /** The instances of a repeat were added, removed or moved: mark who counts, numbers or sums them. */
  moved(at: Instance, repeat: number): void {
    this.changed(at, repeat);
    const isInside = (around = 0): boolean => this.form.chain.get(around)?.includes(repeat) ?? false;
    // Sets name the repeat itself; what stays are readers of the first instance from outside.
    for (const [id, readers] of this.form.module.dependents.entries()) {
      if (readers.length === 0 || !isInside(this.form.home[id])) continue;
      this.markReach(
        at,
        readers.filter(reader => !isInside(this.form.home[reader])),
      );
    }
    this.hooks.resized(at, repeat);
  }

  private markReach(at: Instance, readers: readonly number[] | undefined): void {
    if (readers === undefined) return;
    for (const reader of readers) {
      if (this.form.home[reader] === at.repeat) this.mark(at, reader);
      else at.reach(reader).forEach(each => this.mark(each, reader));
    }
  }

  /** Compute until nothing waits. */
  run(): void {
    for (let steps = 0; this.lowest < Infinity && steps < MAX_STEPS; steps += 1) {
      const rank = this.lowest;
      const waits = this.waiting[rank];
      const node = this.form.ranked[rank] ?? 0;
      this.waiting[rank] = undefined;
      this.lowest = this.nextRank(rank);
      if (waits instanceof Set) waits.forEach(at => this.look(at, node));
      else if (waits) this.look(waits, node);
    }
  }

  private nextRank(after: number): number {
    for (let rank = after + 1; rank < this.waiting.length; rank += 1) if (this.waiting[rank]) return rank;
    return Infinity;
  }

  private look(at: Instance, node: number): void {
    const def = this.form.nodes[node];
    if (!def || !isAlive(at)) return;
    // Below something irrelevant it makes no difference: it is looked at again when that turns.
    if (def.relevant && at.isRelevant(def.parent)) this.relate(at, node, def.relevant(at));
    if (at.isRelevant(node)) {
      if (def.calculate) this.put(at, node, def.calculate(at));
      if (def.count) this.resize(at, node, def.count(at));
    }
    if (def.choices && !def.calculate) this.prune(at, node);
    this.hooks.looked(at, node);
  }

  /** Set the node's own relevance; when it turns, what lies below and who reads that is looked at again. */
  private relate(at: Instance, node: number, isRelevant: boolean): void {
    if (isRelevant !== at.hidden.has(node)) return;
    if (isRelevant) at.hidden.delete(node);
    else at.hidden.add(node);
    this.changed(at, node);
    this.turnBelow(at, node);
    this.hooks.turned();
  }

  /** What lies below is looked at again; its readers too when it is empty: a set has one node more or less. */
  private turnBelow(at: Instance, node: number): void {
    const def = this.form.nodes[node];
    const held = def?.kind === 'repeat' ? (at.repeats.get(node) ?? []) : [at];
    for (const each of held) {
      for (const child of def?.children ?? []) {
        this.mark(each, child);
        this.changed(each, child);
        this.turnBelow(each, child);
      }
    }
  }

  /** Make the instances of a repeat as many as its count says; what it takes away, it remembers. */
  private resize(at: Instance, repeat: number, count: number): void {
    if (count !== count) return;
    const wanted = Math.min(Math.max(0, Math.trunc(count)), MAX_INSTANCES);
    const instances = at.repeats.get(repeat) ?? [];
    if (instances.length === wanted) return;
    const spare = at.spare.get(repeat) ?? [];
    const kept = instances.slice(0, wanted);
    at.spare.set(repeat, [...instances.slice(wanted), ...spare]);
    at.repeats.set(repeat, kept);
    while (kept.length < wanted) this.grow(at, repeat);
    this.moved(at, repeat);
  }

  /** Bring back a remembered instance, or ask for a new one; it goes to the end. */
  grow(at: Instance, repeat: number): Instance {
    const back = at.spare.get(repeat)?.shift();
    const instance = back ?? new Instance(at.world, repeat, at).fill();
    at.repeats.get(repeat)?.push(instance);
    this.markAll(instance);
    if (!back) this.hooks.created(instance);
    return instance;
  }

  /** Drop what a select no longer offers. */
  private prune(at: Instance, node: number): void {
    const text = at.texts.get(node);
    const def = this.form.nodes[node];
    if (!text || !def) return;
    this.put(at, node, at.world.tables.offered(def, at, chosen(def, text)).join(' '));
  }
}

function rootOf(at: Instance): Instance {
  return at.parent ? rootOf(at.parent) : at;
}

function isAlive(at: Instance): boolean {
  if (!at.parent) return true;
  return (at.parent.repeats.get(at.repeat)?.includes(at) ?? false) && isAlive(at.parent);
}
