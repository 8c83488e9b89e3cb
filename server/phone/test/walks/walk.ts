/** A walk: seeded random steps through one form, taken by ours and by the oracle; what differs, and every record. */
import type {
  Answers,
  EntityWrite,
  Filling,
  FormModule,
  QuestionView,
  RepeatView,
  View,
} from '../../src/filling.ts';
import type { Oracle } from '../oracle.ts';
import { ownState } from '../oracle.ts';
import { linkForm } from '../../src/filling/form.ts';
import { answerFor, mentionedIn, pick, randomOf, wrongFor } from './answers.ts';
import type { Mentioned, Random } from './answers.ts';
import { compare } from './compare.ts';
import { Known } from './known.ts';
import { compareRecords } from './records.ts';
import { errorsOf, reopen } from './reopening.ts';
import type { Open } from './reopening.ts';
import type { Difference, Types } from './compare.ts';

/** What a phone would send after a step, and what it says is wrong with it. */
export interface RecordSoFar {
  readonly answers: Answers;
  readonly errors: readonly string[];
  readonly name: string;
  readonly entities: readonly EntityWrite[];
}

export interface Walked {
  readonly steps: number;
  /** Why the oracle could not walk along. */
  readonly refusal: string;
  readonly differences: readonly Difference[];
  /** What was done before the walk ended with a difference. */
  readonly trail: readonly string[];
  readonly records: readonly RecordSoFar[];
}

export interface Plan {
  readonly xform: string;
  readonly seed: number;
  readonly steps: number;
  readonly budgetMs: number;
}

const MAX_DIFFERENCES = 40;
const MAX_INSTANCES = 4;
/** After so many steps a walk is put away as a draft and taken up again. */
const STRETCH = 10;
/**
 * What the oracle says of functions it lacks, of values it can't compute with, as a quote in `pulldata()`, of instances
 * that only ours remembers, of a rank from which a filter took something, and of its end.
 */
const INABLE =
  /is not defined|not allowed|not supported|GPS coordinates|Invalid iso|syntax error: instance\(|the oracle has no|missing options|^Error$/;

export class Walk {
  private readonly open: Open;
  private ours: Filling;
  /** None where the oracle can't open the form: then only the checker looks on. */
  private oracle: Oracle | null;
  private refusal: string;
  private readonly plan: Plan;
  private readonly random: Random;
  private readonly mentioned: Mentioned;
  private readonly types: Types;
  private readonly known: Known;
  /** Whether the form asks for the time when it ended: both put it in when the record is made. */
  private readonly hasEnd: boolean;
  private readonly differences: Difference[] = [];
  private readonly records: RecordSoFar[] = [];
  private readonly trail: string[] = [];
  private taken = 0;
  /** What this step answers: the oracle is told anyway. */
  private answered: QuestionView | null = null;

  constructor(module: FormModule, open: Open, oracle: Oracle | string, plan: Plan) {
    this.open = open;
    this.ours = open(module.default_language);
    this.oracle = typeof oracle === 'string' ? null : oracle;
    this.refusal = typeof oracle === 'string' ? oracle : '';
    this.plan = plan;
    this.random = randomOf(plan.seed);
    this.mentioned = mentionedIn(plan.xform);
    this.known = new Known(module, plan.xform);
    this.hasEnd = module.nodes.some(({ preload }) => preload === 'end');
    this.types = new Map(
      linkForm(module).nodes.map(({ path, type, kind }) => [path, kind === 'question' ? type : kind]),
    );
  }

  async walk(): Promise<Walked> {
    const until = performance.now() + this.plan.budgetMs;
    if (this.ours.module.languages.length > 1) this.speak(this.ours.module.default_language);
    await this.look('open');
    while (this.taken < this.plan.steps && performance.now() < until && this.isAgreed) {
      this.taken += 1;
      const before = this.filtered();
      const done = this.step();
      this.dropChoices(before);
      if (done) await this.look(done);
      if (this.taken % STRETCH === 0) this.reopen();
    }
    if (this.isAgreed) await this.finish();
    const trail = this.isAgreed ? [] : this.trail;
    return {
      steps: this.taken,
      refusal: this.refusal,
      differences: this.differences,
      trail,
      records: this.records,
    };
  }

  /** Once states differ, everything after it may: the walk ends there. */
  private get isAgreed(): boolean {
    return this.differences.every(each => each.known !== '');
  }

  private step(): string {
    this.answered = null;
    const all = shown(this.ours.root.children);
    const dice = this.random(100);
    if (dice < 3 && this.ours.module.languages.length > 1)
      return this.speak(pick(this.ours.module.languages, this.random) ?? '');
    const repeats = all.filter(view => view.kind === 'repeat');
    const questions = all.filter(view => view.kind === 'question');
    const repeat = dice < 15 ? pick(repeats, this.random) : undefined;
    if (repeat) return this.resize(repeat);
    // What is still empty comes first, so that deep parts of long forms are reached.
    const empty = questions.filter(view => view.value.value === '');
    const view = pick(dice < 70 && empty.length ? empty : questions, this.random);
    if (!view) return '';
    return dice > 94 ? this.mistake(view) : this.answer(view);
  }

  /** What the oracle can't do ends its part of the walk; the checker looks on alone. */
  private tell<T>(what: (oracle: Oracle) => T): T | undefined {
    try {
      return this.oracle ? what(this.oracle) : undefined;
    } catch (error) {
      if (!INABLE.test(String(error))) throw error;
      this.refusal = String(error);
      this.oracle = null;
      return undefined;
    }
  }

  private answer(view: QuestionView): string {
    const text = answerFor(view, this.mentioned, this.random);
    const { path } = view;
    this.tell(oracle => oracle.put(path, text));
    this.ours.set(view, text);
    this.known.answered(view);
    this.answered = view;
    return `${path} = ${JSON.stringify(text)}`;
  }

  /** Row `wrong-type`: a text of the wrong type stays on the phone as it is, and the record says so; then it is taken back. */
  private mistake(view: QuestionView): string {
    const wrong = wrongFor(view, this.random);
    const before = view.value.value;
    const isTrigger = this.ours.module.actions.some(({ trigger }) => trigger === view.def.id);
    // A wrong count would make instances, and a change start actions, of which the oracle never hears.
    if (wrong === '' || this.mentioned.isCounting || isTrigger) return '';
    this.known.answered(view);
    this.ours.set(view, wrong);
    this.note();
    this.ours.set(view, '');
    this.tell(oracle => oracle.put(view.path, ''));
    return `${view.path} = ${JSON.stringify(wrong)} instead of ${JSON.stringify(before)}, then nothing`;
  }

  private resize(view: RepeatView): string {
    const size = view.instances.value.length;
    const { path } = view;
    if (size >= MAX_INSTANCES || (size > 0 && this.random(3) === 0)) {
      const at = this.random(size);
      this.tell(oracle => oracle.remove(path, at));
      this.ours.removeRepeat(view, at);
      this.known.removed(view);
      return `remove ${path}[${at + 1}]`;
    }
    this.tell(oracle => oracle.add(path));
    this.beginNested(this.ours.addRepeat(view));
    return `add ${path}`;
  }

  /** Row `nested-repeat`: ours begins a repeat inside a new instance as inside the first. */
  private beginNested({ children }: { readonly children: readonly View[] }): void {
    for (const view of children) {
      if (view.kind === 'group') this.beginNested(view);
      if (view.kind !== 'repeat' || !view.isOpen) continue;
      view.instances.value.forEach((each, index) => {
        if (!this.oracle?.has(`${view.path}[${index + 1}]`)) this.tell(oracle => oracle.add(view.path));
        this.beginNested(each);
      });
    }
  }

  /** What a draft forgets nothing explains. */
  private reopen(): void {
    if (!this.isAgreed) return;
    const { filling, differences } = reopen(
      this.ours,
      this.open,
      this.types,
      this.known.isSameAnew(this.ours),
    );
    this.ours = filling;
    this.trail.push('reopen');
    const step = `${this.taken}: reopen`;
    this.differences.push(...differences.map(each => ({ ...each, step })));
  }

  private filtered(): Map<QuestionView, string> {
    const all = everyQuestion(this.ours.root.children).filter(({ def }) => def.choices);
    return new Map(all.map(view => [view, view.value.value]));
  }

  /** Row `filtered-choice`: what a filter took away in ours is taken away in the oracle too. */
  private dropChoices(before: ReadonlyMap<QuestionView, string>): void {
    for (const [view, text] of before) {
      const now = view.value.value;
      if (view !== this.answered && now !== text && this.oracle?.has(view.path))
        this.tell(oracle => oracle.put(view.path, now));
    }
  }

  private speak(language: string): string {
    this.tell(oracle => oracle.speak(language));
    this.ours.language.value = language;
    return `speak ${language}`;
  }

  /** The record that is sent has the same leaves. */
  private async finish(): Promise<void> {
    if (this.oracle)
      this.keep(compareRecords(this.ours.serialise().answers, await this.oracle.xml(), this.types), 'end');
  }

  /** Of what is known only the first of each kind is kept. */
  private keep(found: readonly Difference[], step: string): void {
    for (const each of this.known.explain(found, this.ours)) {
      const isNew = each.known === '' || this.differences.every(other => other.known !== each.known);
      if (isNew && this.differences.length < MAX_DIFFERENCES) {
        this.differences.push({ ...each, step: `${this.taken}: ${step}` });
      }
    }
  }

  private async look(step: string): Promise<void> {
    this.trail.push(step);
    this.note();
    this.known.watch(this.ours);
    if (this.hasEnd) await this.oracle?.xml();
    const said = this.tell(oracle => oracle.state());
    if (said) this.keep(compare(ownState(this.ours), said, this.types), step);
  }

  private note(): void {
    const { answers } = this.ours.serialise();
    const [errors, name, entities] = [errorsOf(this.ours), this.ours.instanceName(), this.ours.entities()];
    this.records.push({ answers, errors, name, entities });
  }
}

function everyQuestion(views: readonly View[]): QuestionView[] {
  return views.flatMap((view): QuestionView[] => {
    if (view.kind === 'question') return [view];
    if (view.kind === 'group') return everyQuestion(view.children);
    return view.instances.value.flatMap(each => everyQuestion(each.children));
  });
}

/** All questions that can be answered and repeats that can grow. */
function shown(views: readonly View[]): (QuestionView | RepeatView)[] {
  return views.flatMap((view): (QuestionView | RepeatView)[] => {
    if (!view.relevant.value) return [];
    if (view.kind === 'question') return view.def.control && !view.readOnly.value ? [view] : [];
    if (view.kind === 'group') return shown(view.children);
    const inside = view.instances.value.flatMap(instance => shown(instance.children));
    return view.isOpen ? [view, ...inside] : inside;
  });
}
