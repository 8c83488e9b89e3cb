/** Ticks: how the engine tells mounted views that a node was looked at again; a node without a view costs nothing. */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { Instance } from './scopes.ts';

/** One thing per node of an instance, made when first asked for and forgotten with the instance. */
export class PerNode<T> {
  private readonly made = new WeakMap<Instance, Map<number, T>>();

  find(at: Instance, node: number): T | undefined {
    return this.made.get(at)?.get(node);
  }

  get(at: Instance, node: number, make: () => T): T {
    let things = this.made.get(at);
    if (!things) this.made.set(at, (things = new Map<number, T>()));
    let thing = things.get(node);
    if (thing === undefined) things.set(node, (thing = make()));
    return thing;
  }
}

export class Watch {
  private readonly ticks = new PerNode<Signal<number>>();

  /** How often the engine looked at this node; whatever signal is being computed follows it. */
  follow(at: Instance, node: number): number {
    return this.ticks.get(at, node, () => signal(0)).value;
  }

  bump(at: Instance, node: number): void {
    const tick = this.ticks.find(at, node);
    if (tick) tick.value += 1;
  }
}
