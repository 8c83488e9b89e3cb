/** Views: one per node that a page shows, made when first asked for, of signals that follow the engine's ticks. */
import { computed } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Label, NodeDef } from './form.ts';
import type { Instance } from './scopes.ts';
import { say } from './tables.ts';
import type { Choice, GroupView, InstanceView, QuestionView, RepeatView, View } from './types.ts';
import { problemOf } from './validity.ts';
import { PerNode } from './watch.ts';
import type { Watch } from './watch.ts';

/** What views need to know of the filling they belong to. */
export interface Stage {
  readonly watch: Watch;
  readonly language: Signal<string>;
  /** Whether empty required answers are shown as errors already. */
  readonly wasAsked: Signal<boolean>;
  isReadOnly(at: Instance, def: NodeDef): boolean;
}

const NO_CHOICES: readonly Choice[] = [];

export class Views {
  private readonly stage: Stage;
  private readonly questions = new PerNode<QuestionView>();
  private readonly groups = new PerNode<GroupView>();
  private readonly repeats = new PerNode<RepeatView>();
  private readonly instances = new PerNode<InstanceView>();
  private readonly owners = new WeakMap<View, Instance>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** The instance that holds the node of a view. */
  owner(view: View): Instance {
    const at = this.owners.get(view);
    if (!at) throw new Error(`not a view of this filling: ${view.def.name}`);
    return at;
  }

  question(at: Instance, def: NodeDef): QuestionView {
    return this.questions.get(at, def.id, () => this.owned(at, this.makeQuestion(at, def)));
  }

  group(at: Instance, def: NodeDef): GroupView {
    return this.groups.get(at, def.id, () => this.owned(at, this.makeGroup(at, def)));
  }

  repeat(at: Instance, def: NodeDef): RepeatView {
    return this.repeats.get(at, def.id, () => this.owned(at, this.makeRepeat(at, def)));
  }

  instance(at: Instance): InstanceView {
    return this.instances.get(at, at.repeat, () => this.makeInstance(at));
  }

  private owned<V extends View>(at: Instance, view: V): V {
    this.owners.set(view, at);
    return view;
  }

  private children(at: Instance, def: NodeDef): readonly View[] {
    const { nodes } = at.world.form;
    return def.children.flatMap(id => nodes[id] ?? []).map(child => this.view(at, child));
  }

  private view(at: Instance, def: NodeDef): View {
    if (def.kind === 'question') return this.question(at, def);
    return def.kind === 'repeat' ? this.repeat(at, def) : this.group(at, def);
  }

  /** A signal of something computed from this node, again whenever the engine looked at it. */
  private follow<T>(at: Instance, def: NodeDef, compute: () => T): ReadonlySignal<T> {
    return computed(() => {
      this.stage.watch.follow(at, def.id);
      return compute();
    });
  }

  private said(at: Instance, def: NodeDef, label: Label | undefined): ReadonlySignal<string> {
    return this.follow(at, def, () => say(label, this.stage.language.value, at));
  }

  private common(at: Instance, def: NodeDef): Pick<View, 'def' | 'relevant' | 'label' | 'hint'> {
    return {
      def,
      relevant: this.follow(at, def, () => at.isRelevant(def.id)),
      label: this.said(at, def, def.label),
      hint: this.said(at, def, def.hint),
    };
  }

  private makeQuestion(at: Instance, def: NodeDef): QuestionView {
    const { stage } = this;
    const error = (): string => {
      const problem = problemOf(at, def, stage.language.value);
      return problem && (problem.kind !== 'required' || stage.wasAsked.value) ? problem.message : '';
    };
    return {
      ...this.common(at, def),
      kind: 'question',
      get path() {
        return at.pathOf(def);
      },
      guidance: this.said(at, def, def.guidance),
      purpose: this.said(at, def, def.purpose),
      required: this.follow(at, def, () => def.required?.(at) ?? false),
      readOnly: this.follow(at, def, () => stage.isReadOnly(at, def)),
      value: this.follow(at, def, () => at.texts.get(def.id) ?? ''),
      error: this.follow(at, def, error),
      choices: this.choices(at, def),
    };
  }

  /** Keeps the array it gave as long as the same choices stay, so that a list isn't drawn again for nothing. */
  private choices(at: Instance, def: NodeDef): ReadonlySignal<readonly Choice[]> {
    let last = NO_CHOICES;
    return this.follow(at, def, () => {
      const next = at.world.tables.choicesOf(def, at, this.stage.language.value);
      const isSame =
        next.length === last.length && next.every((each, index) => sameChoice(each, last[index]));
      if (!isSame) last = next;
      return last;
    });
  }

  private makeGroup(at: Instance, def: NodeDef): GroupView {
    let children: readonly View[] | undefined;
    const made = (): readonly View[] => (children ??= this.children(at, def));
    return {
      ...this.common(at, def),
      kind: 'group',
      get path() {
        return at.pathOf(def);
      },
      get children() {
        return made();
      },
    };
  }

  private makeRepeat(at: Instance, def: NodeDef): RepeatView {
    return {
      ...this.common(at, def),
      kind: 'repeat',
      get path() {
        return at.pathOf(def);
      },
      isOpen: !def.count && def.parameters?.['no_add_remove'] === undefined,
      instances: this.follow(at, def, () => (at.repeats.get(def.id) ?? []).map(each => this.instance(each))),
    };
  }

  private makeInstance(at: Instance): InstanceView {
    const def = at.world.form.nodes[at.repeat];
    if (!def) throw new Error('an instance without a repeat');
    let children: readonly View[] | undefined;
    const made = (): readonly View[] => (children ??= this.children(at, def));
    return {
      kind: 'instance',
      def,
      key: at.key,
      get path() {
        return at.prefix().slice(0, -1);
      },
      label: this.said(at, def, def.label),
      get children() {
        return made();
      },
    };
  }
}

function sameChoice(a: Choice, b: Choice | undefined): boolean {
  return b !== undefined && a.row === b.row && a.label === b.label;
}
