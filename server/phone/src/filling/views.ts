/** Views: one per node that a page shows, made when first asked for, of signals that follow the engine's ticks. */
import { computed } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { NodeDef } from './form.ts';
import type { Instance } from './scopes.ts';
import { say } from './tables.ts';
import type { Choice, GroupView, InstanceView, Problem, QuestionView, RepeatView, View } from './types.ts';
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
  private readonly made = new PerNode<Question | Group | Repeat>();
  private readonly instances = new PerNode<InstanceView>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** The instance that holds the node of a view. */
  owner(view: View): Instance {
    if (view instanceof NodeView) return view.at;
    throw new Error(`not a view of this filling: ${view.def.name}`);
  }

  question(at: Instance, def: NodeDef): QuestionView {
    return this.made.get(at, def.id, () => new Question(this, this.stage, at, def)) as Question;
  }

  group(at: Instance, def: NodeDef): GroupView {
    return this.made.get(at, def.id, () => new Group(this, this.stage, at, def)) as Group;
  }

  instance(at: Instance): InstanceView {
    return this.instances.get(at, at.repeat, () => {
      const def = at.world.form.nodes[at.repeat];
      if (!def) throw new Error('an instance without a repeat');
      return new InRepeat(this, this.stage, at, def);
    });
  }

  children(at: Instance, def: NodeDef): readonly View[] {
    const { nodes } = at.world.form;
    return def.children.flatMap(id => nodes[id] ?? []).map(child => this.view(at, child));
  }

  private view(at: Instance, def: NodeDef): View {
    if (def.kind === 'question') return this.question(at, def);
    if (def.kind === 'group') return this.group(at, def);
    return this.made.get(at, def.id, () => new Repeat(this, this.stage, at, def));
  }
}

/** What is shown of one node: signals that are made when first asked for, of a long form most never. */
class NodeView {
  readonly def: NodeDef;
  readonly at: Instance;
  protected readonly stage: Stage;
  protected readonly views: Views;
  private readonly signals: Record<string, ReadonlySignal<unknown>> = {};

  constructor(views: Views, stage: Stage, at: Instance, def: NodeDef) {
    this.views = views;
    this.stage = stage;
    this.at = at;
    this.def = def;
  }

  get path(): string {
    return this.at.pathOf(this.def);
  }

  isRelevant(): boolean {
    return this.at.isRelevant(this.def.id);
  }

  get relevant(): ReadonlySignal<boolean> {
    return this.follow('relevant', () => this.isRelevant());
  }

  get label(): ReadonlySignal<string> {
    return this.said('label');
  }

  get hint(): ReadonlySignal<string> {
    return this.said('hint');
  }

  protected said(name: 'label' | 'hint' | 'guidance' | 'purpose'): ReadonlySignal<string> {
    return this.follow(name, () => say(this.def[name], this.stage.language.value, this.at));
  }

  /** A signal of something computed from this node, again whenever the engine looked at it. */
  protected follow<T>(name: string, compute: () => T): ReadonlySignal<T> {
    const made = (this.signals[name] ??= computed(() => {
      this.stage.watch.follow(this.at, this.def.id);
      return compute();
    }));
    return made as ReadonlySignal<T>;
  }
}

class Question extends NodeView implements QuestionView {
  readonly kind = 'question';

  get guidance(): ReadonlySignal<string> {
    return this.said('guidance');
  }

  get purpose(): ReadonlySignal<string> {
    return this.said('purpose');
  }

  get required(): ReadonlySignal<boolean> {
    return this.follow('required', () => this.def.required?.(this.at) ?? false);
  }

  get readOnly(): ReadonlySignal<boolean> {
    return this.follow('readOnly', () => this.stage.isReadOnly(this.at, this.def));
  }

  get value(): ReadonlySignal<string> {
    return this.follow('value', () => this.at.texts.get(this.def.id) ?? '');
  }

  get problem(): ReadonlySignal<Problem | null> {
    return this.follow('problem', () => problemOf(this.at, this.def, this.stage.language.value));
  }

  get error(): ReadonlySignal<string> {
    return this.follow('error', () => {
      const problem = this.problem.value;
      return problem && (problem.kind !== 'required' || this.stage.wasAsked.value) ? problem.message : '';
    });
  }

  /** Keeps the array it gave as long as the same choices stay, so that a list isn't drawn again for nothing. */
  get choices(): ReadonlySignal<readonly Choice[]> {
    let last = NO_CHOICES;
    return this.follow('choices', () => {
      const next = this.at.world.tables.choicesOf(this.def, this.at, this.stage.language.value);
      const isSame =
        next.length === last.length && next.every((each, index) => sameChoice(each, last[index]));
      if (!isSame) last = next;
      return last;
    });
  }
}

class Group extends NodeView implements GroupView {
  readonly kind = 'group';
  private inside: readonly View[] | undefined;

  get children(): readonly View[] {
    return (this.inside ??= this.views.children(this.at, this.def));
  }
}

class Repeat extends NodeView implements RepeatView {
  readonly kind = 'repeat';

  get isOpen(): boolean {
    return !this.def.count && this.def.parameters?.['no_add_remove'] === undefined;
  }

  get instances(): ReadonlySignal<readonly InstanceView[]> {
    const now = (): Instance[] => this.at.repeats.get(this.def.id) ?? [];
    return this.follow('instances', () => now().map(each => this.views.instance(each)));
  }
}

/** One instance, which `at` is itself here. */
class InRepeat extends NodeView implements InstanceView {
  readonly kind = 'instance';
  private inside: readonly View[] | undefined;

  get key(): number {
    return this.at.key;
  }

  override get path(): string {
    return this.at.prefix().slice(0, -1);
  }

  get children(): readonly View[] {
    return (this.inside ??= this.views.children(this.at, this.def));
  }
}

function sameChoice(a: Choice, b: Choice | undefined): boolean {
  return b !== undefined && a.row === b.row && a.label === b.label;
}
