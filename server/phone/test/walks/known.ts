/** The explained differences of docs/differences.md: each says, for a form as it now stands, which nodes it covers. */
import type { ActionDef, Filling, NodeDef, QuestionView, RepeatView, View } from '../../src/filling.ts';
import { linkForm } from '../../src/filling/form.ts';
import type { Form, FormModule } from '../../src/filling/form.ts';
import { chosen } from '../../src/filling/tables.ts';
import { isOfType } from '../../src/filling/validity.ts';
import { bare } from './compare.ts';
import type { Difference } from './compare.ts';

/** Rows that are recognised in a difference. */
export const ROWS = [
  'absolute-path',
  'by-chance',
  'changed-action',
  'dash',
  'date-only',
  'date-of-days',
  'external-select',
  'guidance',
  'invalid-date',
  'irrelevant-nodes',
  'itext-calculation',
  'model-only',
  'moved-instance',
  'nameless-choice',
  'overwritten-answer',
  'own-content',
  'remembered-instances',
  'round-half',
  'sunday',
  'unoffered-value',
  'uri-property',
  'wrong-type',
] as const;

export type Row = (typeof ROWS)[number];

/** Nodes that a difference may reach: where it arises, and whatever reads those. */
type Covered = ReadonlySet<number>;

/** The rules of one node, or the filter of its choices, as the form writes them. */
interface Bind {
  readonly id: number;
  readonly root: string;
  readonly rules: string;
}

/** What of a bind is computed; messages are texts of the form, which explain nothing. */
const RULES = ['calculate', 'relevant', 'required', 'readonly', 'constraint'];
const VALUE = new Set(['value', 'record']);
const CHECKED = new Set(['isValid', 'required', 'message']);
/** The oracle is given each of them; empty it has them only under their other names, such as `uri:deviceid`. */
const PROPERTIES = new Set(['deviceid', 'email', 'phonenumber', 'username']);
const SHOWN = new Set(['label', 'hint', 'choices', 'message']);
/** One node in an emitted expression. */
const READ = /\bv\(c\d*,(\d+)/g;
/** A node-set function in an emitted expression, with the node that it gathers. */
const GATHERED = /\b(?:set|instances)\(c\d*,(\d+)/g;

export class Known {
  private readonly form: Form;
  private readonly module: FormModule;
  private readonly gathered: readonly (readonly number[])[];
  private readonly changedLater: Covered;
  /** Nodes that compute with chance, and groups whose relevance asks what is in them; with their readers. */
  private readonly chancy: Covered;
  private readonly ownContent: Covered;
  /** Nodes that write a number as a date, with their readers. */
  private readonly numbered: Covered;
  private readonly byPath: ReadonlyMap<string, number>;
  private readonly sizes = new Map<string, number>();
  private readonly shrunk = new Set<number>();
  private readonly overwritten = new Set<number>();
  /** Repeats of which a person removed an instance. */
  private readonly thinned = new Set<number>();
  /** Nodes in repeats whose rules name nodes of the same repeat by their whole path. */
  private readonly absolute: readonly number[];
  /** Nodes that texts of the form name by their whole path. */
  private readonly inTexts: Covered;
  /** Nodes that calculate with a text of the form, and their readers. */
  private readonly worded: Covered;
  private readonly chosenWords: Covered;
  /** Where properties of the phone are, and what shows them. */
  private readonly properties: Covered;

  constructor(module: FormModule, xform: string) {
    this.module = module;
    this.form = linkForm(module);
    this.gathered = module.nodes.map(node => gatheredBy(node));
    this.changedLater = this.reachedFrom(this.laterTargets());
    this.chancy = this.reachedFrom(this.calling(/\b(uuid|random)\(/));
    this.numbered = this.reachedFrom(this.calling(/\bformat_date(_time)?\(date_of_days\(/));
    this.ownContent = this.reachedFrom(this.calling(/\bheld\(/));
    this.byPath = new Map(this.form.nodes.map(({ path, id }) => [path, id]));
    const binds = this.readBinds(xform);
    this.absolute = binds.filter(bind => this.namesOwnRepeat(bind)).map(({ id }) => id);
    const calling = (name: string): Covered =>
      this.reachedFrom(binds.filter(({ rules }) => rules.includes(name)).map(({ id }) => id));
    this.worded = calling('jr:itext(');
    this.chosenWords = calling('jr:choice-name(');
    this.inTexts = this.namedInTexts(xform);
    this.properties = this.reachedFrom(
      module.nodes.flatMap(({ preload = '' }, id) => (PROPERTIES.has(preload) ? [id] : [])),
    );
  }

  private namedInTexts(xform: string): Covered {
    const outputs = [...xform.matchAll(/<output (?:value|ref)="\s*\/\w+\/([\w./-]+)\s*"/g)];
    return new Set(outputs.flatMap(([, path = '']) => this.byPath.get(path) ?? []));
  }

  private readBinds(xform: string): Bind[] {
    const document = new DOMParser().parseFromString(xform, 'text/xml');
    const read = (path: string | null | undefined, rules: readonly string[]): Bind[] => {
      const [, root = '', ...steps] = (path ?? '').split('/');
      const id = this.byPath.get(steps.join('/'));
      return id === undefined ? [] : [{ id, root, rules: rules.join(' ') }];
    };
    const binds = [...document.getElementsByTagName('bind')].flatMap(bind => {
      const rules = RULES.map(name => bind.getAttribute(name) ?? '');
      return read(bind.getAttribute('nodeset'), rules);
    });
    const filters = [...document.getElementsByTagName('itemset')].flatMap(itemset =>
      read(itemset.parentElement?.getAttribute('ref'), [itemset.getAttribute('nodeset') ?? '']),
    );
    return [...binds, ...filters];
  }

  private namesOwnRepeat({ id, root, rules }: Bind): boolean {
    const around = (this.form.chain.get(this.form.home[id] ?? 0) ?? []).map(
      each => this.form.nodes[each]?.path,
    );
    return around.some(path => rules.includes(`/${root}/${path ?? ''}/`));
  }

  /** Each difference of one step with the row that explains it, '' when none does. */
  explain(found: readonly Difference[], filling: Filling): Difference[] {
    const reached = (isSource: (def: NodeDef, each: Difference) => boolean): Covered =>
      this.reachedFrom(
        found.flatMap(each => {
          const def = VALUE.has(each.what) ? this.defOf(each.path) : undefined;
          return (def?.calculate || def?.default) && isSource(def, each) ? [def.id] : [];
        }),
      );
    const later: readonly (readonly [Row, Covered])[] = [
      ['round-half', reached(isRoundedDown)],
      ['date-only', reached(isCutToDate)],
      ['date-of-days', reached(isCountOfDays)],
      ['wrong-type', reached(isMistyped)],
    ];
    const explained = (each: Difference): Row | '' =>
      later.find(([, covered]) => this.isIn(each.path, covered))?.[0] ?? '';
    return found.map(each => ({ ...each, known: this.explainOne(each, filling) || explained(each) }));
  }

  private explainOne(difference: Difference, filling: Filling): Row | '' {
    const { path, what, ours, oracle } = difference;
    if (oracle === 'Invalid Date') return 'invalid-date';
    if (unspaced(ours).startsWith(unspaced(oracle)) && this.isIn(path, this.properties))
      return 'uri-property';
    if (ours.includes('Sun') && ours.replace('Sun', '') === oracle) return 'sunday';
    if (what === 'hint' && this.defOf(path)?.guidance !== undefined && oracle.startsWith(ours))
      return 'guidance';
    if (SHOWN.has(what) && isUntranslated(oracle)) return 'dash';
    if (oracle === '' && this.isOnlyElsewhere(difference, filling.language.value)) return 'dash';
    if (CHECKED.has(what) && this.defOf(path)?.control === '') return 'model-only';
    if (what === 'choices' && isByChance(this.defOf(path)) && isSameSet(ours, oracle)) return 'by-chance';
    if (what === 'choices' && withoutNameless(oracle) === ours) return 'nameless-choice';
    if (what === 'choices' && this.defOf(path)?.control === 'select_one' && oracle === '')
      return 'external-select';
    if (SHOWN.has(what) && this.showsOwnRepeat(path, filling)) return 'absolute-path';
    if (unspaced(ours) === unspaced(oracle) && this.isIn(path, this.chosenWords)) return 'itext-calculation';
    if (this.isIn(path, this.reachedFrom([...this.overwritten]))) return 'overwritten-answer';
    if (this.isIn(path, this.reachedFrom(this.absolute.filter(id => this.isRepeated(id, filling)))))
      return 'absolute-path';
    if (this.isIn(path, this.chancy)) return 'by-chance';
    if (this.isIn(path, this.numbered)) return 'date-of-days';
    if (this.isIn(path, this.ownContent)) return 'own-content';
    if (this.isIn(path, this.worded)) return 'itext-calculation';
    if (this.isIn(path, this.changedLater)) return 'changed-action';
    if (this.isIn(path, this.movedTargets())) return 'moved-instance';
    if (this.isIn(path, this.unoffered(filling))) return 'unoffered-value';
    if (this.isIn(path, this.reachedFrom([...this.shrunk]))) return 'remembered-instances';
    return this.isIn(path, this.hollowReaders(filling)) ? 'irrelevant-nodes' : '';
  }

  /** Whether a node has such a text in other languages only. */
  private isOnlyElsewhere({ path, what }: Difference, language: string): boolean {
    const { label, hint, required_message, constraint_message } = this.defOf(path) ?? {};
    const texts = { label: [label], hint: [hint], message: [required_message, constraint_message] }[what];
    return texts?.some(text => text !== undefined && !(language in text)) ?? false;
  }

  /** Whether a text in a repeat shows an answer of the same repeat by its whole path. */
  private showsOwnRepeat(path: string, filling: Filling): boolean {
    const def = this.defOf(path);
    if (!def || !this.isRepeated(def.id, filling)) return false;
    const around = this.form.chain.get(this.form.home[def.id] ?? 0) ?? [];
    return readIn(def).some(id => this.inTexts.has(id) && around.includes(this.form.home[id] ?? 0));
  }

  /** Note that a person changed what is calculated. */
  answered({ def }: QuestionView): void {
    if (def.calculate) this.overwritten.add(def.id);
  }

  /** Note that a person removed an instance. */
  removed({ def }: RepeatView): void {
    this.thinned.add(def.id);
  }

  /** Whether all comes out the same when it is computed again; a select then forgets what it doesn't offer. */
  isSameAnew(filling: Filling): boolean {
    return this.overwritten.size === 0 && this.chancy.size === 0 && this.unoffered(filling).size === 0;
  }

  /** What actions on changed values put into repeats that have lost an instance. */
  private movedTargets(): Covered {
    const isInside = (id: number): boolean =>
      (this.form.chain.get(this.form.home[id] ?? 0) ?? []).some(each => this.thinned.has(each));
    const changed = this.module.actions.filter(
      ({ event, target }) => event === 'changed' && isInside(target),
    );
    return this.reachedFrom(changed.map(({ target }) => target));
  }

  /** Whether a repeat around a node has a second instance somewhere. */
  private isRepeated(node: number, filling: Filling): boolean {
    const around = new Set(this.form.chain.get(this.form.home[node] ?? 0));
    return everyRepeat(filling.root.children).some(
      ({ def, instances }) => around.has(def.id) && instances.value.length > 1,
    );
  }

  /** Note which counted repeats have lost instances: ours remembers them. */
  watch(filling: Filling): void {
    const visit = (view: View): void => {
      if (view.kind === 'group') view.children.forEach(visit);
      if (view.kind !== 'repeat') return;
      if (view.def.count) this.measure(view);
      view.instances.value.forEach(each => each.children.forEach(visit));
    };
    visit(filling.root);
  }

  private measure(view: RepeatView): void {
    const size = view.instances.value.length;
    const before = this.sizes.get(view.path) ?? 0;
    this.sizes.set(view.path, size);
    if (size < before) this.shrunk.add(view.def.id);
  }

  private defOf(path: string): NodeDef | undefined {
    return this.form.nodes[this.byPath.get(bare(path)) ?? -1];
  }

  private isIn(path: string, covered: Covered): boolean {
    const steps = bare(path).split('/');
    return steps.some((_, index) => covered.has(this.byPath.get(steps.slice(0, index + 1).join('/')) ?? -1));
  }

  /** Nodes whose rules, or actions on which, call such a helper. */
  private calling(helper: RegExp): number[] {
    const { nodes, actions } = this.module;
    const calls = (rules: object): boolean =>
      Object.values(rules).some(rule => typeof rule === 'function' && helper.test(String(rule)));
    return [
      ...nodes.flatMap((node, id) => (calls(node) ? [id] : [])),
      ...actions.filter(calls).map(({ target }) => target),
    ];
  }

  /** Targets of a change that an action may have made, or that reads what is computed from the change. */
  private laterTargets(): number[] {
    const { actions } = this.module;
    const set = new Set(actions.map(({ target }) => target));
    const changed = actions.filter(({ event }) => event === 'changed');
    const isLater = ({ trigger, value }: ActionDef): boolean => {
      const computed = this.reachedFrom([trigger]);
      return set.has(trigger) || readBy(value).some(id => id !== trigger && computed.has(id));
    };
    return changed.filter(isLater).map(({ target }) => target);
  }

  /** Selects that hold what their list doesn't offer now, put there by a default, an action or a calculation. */
  private unoffered(filling: Filling): Covered {
    const found: number[] = [];
    const visit = (view: View): void => {
      if (view.kind === 'question' && view.def.list !== undefined && view.value.value !== '') {
        const names = new Set(view.choices.value.map(({ name }) => name));
        if (chosen(view.def, view.value.value).some(each => !names.has(each))) found.push(view.def.id);
      }
      if (view.kind === 'group') view.children.forEach(visit);
      if (view.kind === 'repeat') view.instances.value.forEach(each => each.children.forEach(visit));
    };
    visit(filling.root);
    return this.reachedFrom(found);
  }

  /** Readers of node-sets of which some node is not relevant now, or which are empty. */
  private hollowReaders(filling: Filling): Covered {
    const hollow = this.hollow(filling);
    return this.reachedFrom(
      this.gathered.flatMap((targets, reader) => (targets.some(each => hollow.has(each)) ? [reader] : [])),
    );
  }

  private hollow(filling: Filling): Covered {
    const full = new Set<number>();
    const lacking = new Set<number>();
    const below = (id: number): number[] => [id, ...(this.form.nodes[id]?.children ?? []).flatMap(below)];
    const visit = (view: View): void => {
      (view.relevant.value ? full : lacking).add(view.def.id);
      if (view.kind === 'group') view.children.forEach(visit);
      if (view.kind !== 'repeat') return;
      if (view.instances.value.length === 0) below(view.def.id).forEach(id => lacking.add(id));
      view.instances.value.forEach(each => each.children.forEach(visit));
    };
    visit(filling.root);
    return new Set(this.form.nodes.map(({ id }) => id).filter(id => lacking.has(id) || !full.has(id)));
  }

  /** These nodes, what lies below them, and what reads any of those. */
  private reachedFrom(start: readonly number[]): Covered {
    const reached = new Set<number>();
    const waiting = [...start];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (reached.has(id)) continue;
      reached.add(id);
      const { dependents, wide } = this.module;
      const targets = this.module.actions.filter(each => each.trigger === id).map(each => each.target);
      waiting.push(...(dependents[id] ?? []), ...(wide[id] ?? []), ...targets);
      waiting.push(...(this.form.nodes[id]?.children ?? []));
    }
    return reached;
  }
}

function everyRepeat(views: readonly View[]): RepeatView[] {
  return views.flatMap((view): RepeatView[] => {
    if (view.kind === 'group') return everyRepeat(view.children);
    return view.kind === 'repeat'
      ? [view, ...view.instances.value.flatMap(each => everyRepeat(each.children))]
      : [];
  });
}

const readBy = (expression: unknown): number[] =>
  [...String(expression).matchAll(READ)].map(([, id]) => Number(id));

/** Nodes that the rules and texts of one node read in such a way. */
function idsIn(node: object, way: RegExp): number[] {
  return Object.values(node).flatMap((value: unknown): number[] => {
    if (typeof value === 'function') return [...String(value).matchAll(way)].map(([, id]) => Number(id));
    return typeof value === 'object' && value !== null ? idsIn(value, way) : [];
  });
}

const readIn = (node: object): number[] => idsIn(node, READ);
const gatheredBy = (node: object): number[] => idsIn(node, GATHERED);

/** A negative number that was rounded. */
const isRoundedDown = ({ calculate }: NodeDef, { ours, oracle }: Difference): boolean =>
  String(calculate).includes('round_half_up(') && Number(oracle) < 0 && Number(ours) > Number(oracle);
const isCutToDate = ({ type, calculate }: NodeDef, { ours, oracle }: Difference): boolean =>
  type === 'date' ? oracle === '' : /\bdate\(/.test(String(calculate)) && oracle.startsWith(`${ours}T`);
const isCountOfDays = ({ type, calculate }: NodeDef, { oracle }: Difference): boolean =>
  type === 'int' && oracle === '' && String(calculate).includes('num(');
const isMistyped = ({ type }: NodeDef, { ours, oracle }: Difference): boolean =>
  oracle === '' && !isOfType(type, ours);

const unspaced = (text: string): string => text.replaceAll(' ', '');
const isByChance = (def: NodeDef | undefined): boolean => String(def?.choices).includes('shuffled(');
const isSameSet = (one: string, other: string): boolean =>
  one.split(',').sort().join() === other.split(',').sort().join();

const withoutNameless = (choices: string): string =>
  choices
    .split(',')
    .filter(each => !each.startsWith('='))
    .join();

/** pyxform writes a dash where a translation is missing. */
const isUntranslated = (text: string): boolean => /(^|=)-(,|$)/.test(text);
