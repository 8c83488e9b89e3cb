/** A live filling: holds every answer as text and recomputes only what depends on the one that changed. */
import { batch, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { now, today, uuid } from '../../../forms/runtime.ts';
import { beginUnasked, draftOf, restoreDraft, saveDraft } from './filling/drafts.ts';
import { entitiesOf } from './filling/entities.ts';
import { linkForm } from './filling/form.ts';
import type { ActionDef, Form, FormModule, NodeDef } from './filling/form.ts';
import { Recomputer } from './filling/recompute.ts';
import { Instance } from './filling/scopes.ts';
import type { World } from './filling/scopes.ts';
import { serialise } from './filling/serialise.ts';
import { Tables } from './filling/tables.ts';
import type * as face from './filling/types.ts';
import { problemOf } from './filling/validity.ts';
import { Views } from './filling/views.ts';
import { Watch } from './filling/watch.ts';

export { draftOf };
export type * from './filling/types.ts';
export type { ActionDef, ChoiceRow, FormModule, Label, NodeDef, Row, Scope } from './filling/form.ts';

/** Actions that set off each other end after this many; a form that needs more is wrong. */
const MAX_ACTIONS = 10_000;

interface Due {
  readonly at: Instance;
  readonly action: ActionDef;
}

export function openFilling(module: FormModule, options: face.Options): face.Filling {
  const filling = new LiveFilling(module, options);
  filling.open(options.saved);
  return filling;
}

class LiveFilling implements face.Filling {
  readonly module: FormModule;
  readonly language: Signal<string>;
  readonly wasAsked = signal(false);
  readonly turns = signal(0);
  readonly watch = new Watch();
  private readonly form: Form;
  private readonly world: World;
  private readonly recomputer: Recomputer;
  private readonly views = new Views(this);
  private readonly subject: string;
  private readonly due: Due[] = [];
  private readonly isRead: boolean;
  /** The language in which labels were last computed with. */
  private spoken = '';
  private instance: Instance;

  constructor(module: FormModule, options: face.Options) {
    this.module = module;
    this.language = signal(options.language);
    this.subject = options.subject ?? options.saved?.subject ?? '';
    this.isRead = options.isRead ?? false;
    this.form = linkForm(module);
    const tables = new Tables(module.choices, options.lists, {
      scope: () => this.instance,
      language: () => this.language.value,
    });
    this.world = { form: this.form, tables, meta: options.meta, language: () => this.language.value };
    this.instance = new Instance(this.world, 0, null);
    this.recomputer = new Recomputer(this.form, {
      created: at => this.onCreated(at),
      resized: (at, repeat) => this.onLooked(at, repeat),
      texted: (at, node) => this.onTexted(at, node),
      looked: (at, node) => this.onLooked(at, node),
      turned: () => (this.turns.value += 1),
    });
  }

  /** Start anew, or as a draft was left: then neither defaults nor calculations run again, only what a form asks for. */
  open(saved: face.SavedFilling | undefined): void {
    if (saved) this.restore(saved);
    else this.start();
    if (!this.isRead) this.change(() => this.loaded('load', this.everyInstance(this.instance)));
    this.spoken = saved?.language ?? this.language.peek();
    this.language.subscribe(language => this.onSpoken(language));
  }

  get root(): face.GroupView {
    return this.views.group(this.instance, this.node(0));
  }

  set(view: face.QuestionView, text: string): void {
    const at = this.views.owner(view);
    this.change(() => this.recomputer.put(at, view.def.id, text));
  }

  addRepeat(view: face.RepeatView): face.InstanceView {
    const at = this.views.owner(view);
    const made = this.change(() => {
      const instance = this.recomputer.grow(at, view.def.id);
      this.recomputer.moved(at, view.def.id);
      return instance;
    });
    return this.views.instance(made);
  }

  removeRepeat(view: face.RepeatView, index: number): () => void {
    const at = this.views.owner(view);
    const put = (nTaken: number, ...back: Instance[]): Instance[] =>
      this.change(() => {
        const taken = at.repeats.get(view.def.id)?.splice(index, nTaken, ...back) ?? [];
        back.forEach(each => this.recomputer.markAll(each));
        this.recomputer.moved(at, view.def.id);
        return taken;
      });
    const taken = put(1);
    return () => void put(0, ...taken.splice(0));
  }

  problems(): face.FillingError[] {
    return this.problemsIn(this.instance, this.node(0));
  }

  errors(): face.FillingError[] {
    this.wasAsked.value = true;
    return this.problems();
  }

  serialise(): { answers: face.Answers; files: face.FileRef[] } {
    this.change(() => this.preload(this.instance, 'end'));
    return serialise(this.instance);
  }

  save(): face.SavedFilling {
    return saveDraft(this.instance, this.subject, this.language.peek());
  }

  instanceName(): string {
    return this.module.instance_name?.(this.instance) ?? '';
  }

  entities(): face.EntityWrite[] {
    return entitiesOf(this.instance);
  }

  isReadOnly(at: Instance, def: NodeDef): boolean {
    return (def.subject !== undefined && this.subject !== '') || (def.read_only?.(at) ?? false);
  }

  private node(id: number): NodeDef {
    const def = this.form.nodes[id];
    if (!def) throw new RangeError(`no node ${id}`);
    return def;
  }

  private start(): void {
    this.change(() => {
      this.instance.fill();
      const existing = new Set(this.everyInstance(this.instance));
      existing.forEach(at => this.preload(at, 'start'));
      this.recomputer.markAll(this.instance);
      this.recomputer.run();
      this.loaded('first-load', existing);
    });
  }

  private loaded(event: 'first-load' | 'load', existing: Iterable<Instance>): void {
    const all = [...existing];
    for (const action of this.module.actions.filter(each => each.event === event)) {
      for (const at of all) if (this.form.home[action.target] === at.repeat) this.act({ at, action });
    }
  }

  private restore(saved: face.SavedFilling): void {
    this.instance = restoreDraft(this.world, saved);
    if (saved.isSent) this.refill();
    const isAsLeft = saved.version === this.module.version && !saved.isOutdated;
    if (isAsLeft) this.recomputer.relateAll(this.instance);
    else this.change(() => this.recomputer.markAll(this.instance));
  }

  /** First what is not relevant by itself: it may decide whether what is around it is. */
  private refill(): void {
    this.refillWhere((at, id) => !at.hidden.has(id));
    this.refillWhere((at, id) => at.isRelevant(id));
  }

  private refillWhere(wasAsked: (at: Instance, id: number) => boolean): void {
    const all = this.everyInstance(this.instance);
    const relate = (): void => {
      all.forEach(at => at.hidden.clear());
      this.recomputer.relateAll(this.instance);
    };
    relate();
    const begun = all.map(at => beginUnasked(at, id => wasAsked(at, id)));
    relate();
    // An answer that hid its own group isn't in the record: its default would bring the group back.
    all.forEach((at, index) =>
      begun[index]?.filter(id => at.isRelevant(id)).forEach(id => at.texts.delete(id)),
    );
    all.forEach(at => at.hidden.clear());
  }

  /** Do something, then compute and act until nothing is due; pages draw once. */
  private change<T>(what: () => T): T {
    return batch(() => {
      const result = what();
      this.recomputer.run();
      for (let left = MAX_ACTIONS; left > 0 && this.due.length; left -= 1) {
        const next = this.due.shift();
        if (next) this.act(next);
      }
      return result;
    });
  }

  private act({ at, action }: Due): void {
    this.recomputer.put(at, action.target, action.value(at));
    this.recomputer.run();
  }

  private onSpoken(language: string): void {
    const { worded } = this.module;
    if (!worded || language === this.spoken) return;
    this.spoken = language;
    this.change(() => {
      for (const id of worded) this.instance.reach(id).forEach(at => this.recomputer.mark(at, id));
    });
  }

  private onTexted(at: Instance, node: number): void {
    this.watch.bump(at, node);
    for (const action of this.module.actions) {
      if (action.event !== 'changed' || action.trigger !== node) continue;
      at.reach(action.target).forEach(each => this.due.push({ at: each, action }));
    }
  }

  /** The label of a repeat is shown at each of its instances. */
  private onLooked(at: Instance, node: number): void {
    this.watch.bump(at, node);
    at.repeats.get(node)?.forEach(each => this.watch.bump(each, node));
  }

  private onCreated(at: Instance): void {
    this.preload(at, 'start');
    for (const action of this.module.actions) {
      if (action.event === 'new-repeat' && this.form.home[action.target] === at.repeat)
        this.due.push({ at, action });
    }
    for (const below of at.repeats.values()) below.forEach(each => this.onCreated(each));
  }

  /** Put in what the phone knows: at the start everything but the end. */
  private preload(at: Instance, moment: 'start' | 'end'): void {
    for (const id of this.form.held.get(at.repeat) ?? []) {
      const { preload, subject } = this.node(id);
      if (subject !== undefined && this.subject && moment === 'start')
        this.recomputer.put(at, id, this.subject);
      if (preload && (preload === 'end') === (moment === 'end'))
        this.recomputer.put(at, id, this.preloaded(preload, at));
    }
  }

  private preloaded(kind: string, at: Instance): string {
    const { meta } = this.world;
    const known: Readonly<Record<string, string | undefined>> = {
      today: today(at),
      start: now(at),
      end: now(at),
      uid: meta.instance_id ?? `uuid:${uuid()}`,
      username: meta.username,
      deviceid: meta.deviceid,
      phonenumber: meta.phonenumber,
      email: meta.email,
    };
    return known[kind] ?? '';
  }

  private everyInstance(at: Instance): Instance[] {
    return [at, ...[...at.repeats.values()].flat().flatMap(each => this.everyInstance(each))];
  }

  private problemsIn(at: Instance, def: NodeDef): face.FillingError[] {
    if (!at.isRelevant(def.id)) return [];
    if (def.kind === 'question') {
      const problem = problemOf(at, def, this.language.peek());
      return problem ? [{ view: this.views.question(at, def), ...problem }] : [];
    }
    const held = def.kind === 'repeat' ? (at.repeats.get(def.id) ?? []) : [at];
    return held.flatMap(each => def.children.flatMap(id => this.problemsIn(each, this.node(id))));
  }
}
