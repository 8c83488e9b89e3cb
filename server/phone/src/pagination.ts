/** A form cut into pages of a readable length: groups stay whole where they fit, a repeat is a page of its own. */
import type { EmittedNode, FormModule } from './filling/form.ts';
import type {
  FillingError,
  GroupView,
  InstanceView,
  QuestionView,
  RepeatView,
  View,
} from './filling/types.ts';
import { mostInSight } from './widgets/layouts.ts';

export const PAGE_QUESTIONS = 20;
const PAGE_ELEMENTS = 1100; // more make a cheap phone slow at each answer
const ELEMENTS_BESIDE = 12;

export interface Page {
  /** The nearest group with a label, for the page's title; null at the top of the form. */
  group: GroupView | null;
  items: View[];
}

/** What is known of each node before any view is made. */
export interface Measures {
  /** How many questions with a control stand below it. */
  readonly questions: readonly number[];
  /** How many elements of a page those may take, whatever is answered. */
  readonly elements: readonly number[];
  /** Whether the form wants each question on a page of its own, as `style: pages` says; field lists stay whole. */
  readonly isPaged: boolean;
}

export function measuresOf(module: FormModule): Measures {
  const isAsked = (node: EmittedNode): boolean => (node.kind ?? 'question') === 'question' && !!node.control;
  const questions = module.nodes.map<number>(node => (isAsked(node) ? 1 : 0));
  const elements = module.nodes.map<number>(node => (isAsked(node) ? elementsOf(node, module) : 0));
  // Children come after their parents in document order, so one pass from the end adds everything up.
  for (let id = module.nodes.length - 1; id > 0; id--) {
    const parent = module.nodes[id]?.parent ?? 0;
    questions[parent] = (questions[parent] ?? 0) + (questions[id] ?? 0);
    elements[parent] = (elements[parent] ?? 0) + (elements[id] ?? 0);
  }
  return { questions, elements, isPaged: /\bpages\b/.test(module.style) };
}

/** A label, a hint, an error and a field; choices in sight take four each, with a picture. */
function elementsOf(node: EmittedNode, module: FormModule): number {
  const nChoices = node.list === undefined ? 0 : (module.choices[node.list]?.length ?? Infinity);
  const most = node.control === 'rank' ? nChoices : mostInSight(node.appearance ?? []);
  return ELEMENTS_BESIDE + (node.list === undefined ? 0 : Math.min(nChoices, most) * 4);
}

/** Cut a sequence of views into pages; only groups too large for one page are looked into. */
export function pagesOf(views: readonly View[], measures: Measures, group: GroupView | null = null): Page[] {
  const pages: Page[] = [];
  const run = new Run(measures, group, pages);
  for (const view of views) {
    const size = measures.questions[view.def.id] ?? 0;
    if (size === 0) continue;
    if (isInline(view, size)) {
      run.add(view);
      continue;
    }
    run.flush();
    if (view.kind === 'group' && !isOnePage(view, measures)) {
      pages.push(...pagesOf(view.children, measures, hasLabel(view) ? view : group));
    } else pages.push({ group: view.kind === 'group' && hasLabel(view) ? view : group, items: [view] });
  }
  run.flush();
  return pages;
}

/** Questions that come one after the other, until a page is full. */
class Run {
  private items: View[] = [];
  private nQuestions = 0;
  private nElements = 0;
  private readonly measures: Measures;
  private readonly group: GroupView | null;
  private readonly pages: Page[];

  constructor(measures: Measures, group: GroupView | null, pages: Page[]) {
    this.measures = measures;
    this.group = group;
    this.pages = pages;
  }

  add(view: View): void {
    const nQuestions = this.measures.questions[view.def.id] ?? 0;
    const nElements = this.measures.elements[view.def.id] ?? 0;
    const isFull =
      this.nQuestions + nQuestions > PAGE_QUESTIONS || this.nElements + nElements > PAGE_ELEMENTS;
    if (isFull || this.isAlone) this.flush();
    this.items.push(view);
    this.nQuestions += nQuestions;
    this.nElements += nElements;
  }

  flush(): void {
    if (this.items.length > 0) this.pages.push({ group: this.group, items: this.items });
    this.items = [];
    this.nQuestions = this.nElements = 0;
  }

  /** Notes go with the question they introduce. Within an instance of a repeat, its page is the screen. */
  private get isAlone(): boolean {
    const last = this.items[this.items.length - 1];
    return this.measures.isPaged && last?.def.repeat === 0 && !isNote(last);
  }
}

const isNote = (view: View): boolean =>
  view.kind === 'question' && view.def.read_only !== undefined && view.def.calculate === undefined;

function isInline(view: View, size: number): boolean {
  return (
    view.kind === 'question' || (view.kind === 'group' && !hasLabel(view) && !isFieldList(view) && size <= 5)
  );
}

function isOnePage(view: View, measures: Measures): boolean {
  if ((measures.elements[view.def.id] ?? 0) > PAGE_ELEMENTS) return false;
  return isFieldList(view) || (measures.questions[view.def.id] ?? 0) <= PAGE_QUESTIONS;
}

const hasLabel = (view: View): boolean => view.def.label !== undefined;
const isFieldList = (view: View): boolean => view.def.appearance.includes('field-list');

/** Whether a person sees the view now. A signal read: whoever calls it in a component follows the answers. */
export function isShown(view: View): boolean {
  if (!view.relevant.value) return false;
  if (view.kind === 'question') return view.def.control !== '';
  if (view.kind === 'repeat') return view.isOpen || view.instances.value.length > 0;
  return view.children.some(isShown);
}

/** The questions of a page, or of an instance, that are shown now, in order; those in lists of instances aren't. */
export function questionsShown(views: readonly View[]): QuestionView[] {
  return views.flatMap(view => {
    if (!view.relevant.value) return [];
    if (view.kind === 'group') return questionsShown(view.children);
    return view.kind === 'question' && view.def.control !== '' ? [view] : [];
  });
}

/** The repeats whose instances a page lists. */
export function repeatsOn(views: readonly View[]): RepeatView[] {
  return views.filter(isShown).flatMap(view => {
    if (view.kind === 'group') return repeatsOn(view.children);
    return view.kind === 'repeat' ? [view] : [];
  });
}

/** What stands in the way on each page, what lies in instances on the page that lists them. */
export function problemsByPage(
  pages: readonly Page[],
  problems: readonly FillingError[],
  nodes: readonly EmittedNode[],
): Map<Page, FillingError[]> {
  const pageOf = new Map(pages.flatMap(page => page.items.map(item => [item.def.id, page] as const)));
  const found = new Map<Page, FillingError[]>(pages.map(page => [page, []]));
  for (const problem of problems) {
    let at = problem.view.def.id;
    while (at > 0 && !pageOf.has(at)) at = nodes[at]?.parent ?? 0;
    const page = pageOf.get(at);
    if (page) found.get(page)?.push(problem);
  }
  return found;
}

export const isPageShown = (page: Page): boolean => page.items.some(isShown);

/** For counting pages as they are now: a relevant group counts as shown without a look at its questions. */
export function isPageLikely(page: Page | undefined): boolean {
  const items = page?.items ?? [];
  return items.some(item => (item.kind !== 'question' || item.def.control !== '') && item.isRelevant());
}

/** Whether the office wrote something about a question of the page. */
export function hasComment(page: Page, comments: Readonly<Record<string, string>>): boolean {
  return Object.keys(comments).some(path =>
    page.items.some(
      ({ path: start }) => path === start || ['/', '['].some(sign => path.startsWith(start + sign)),
    ),
  );
}

/** The steps from the top of the form to a question: on which page, then into which instance, and so on. */
export interface Step {
  page: number;
  repeat: RepeatView | null;
  instance: InstanceView | null;
}

export function locate(pages: Page[], target: QuestionView, measures: Measures): Step[] | null {
  for (const [page, { items }] of pages.entries()) {
    for (const item of items) {
      const inside = locateIn(item, target, measures, page);
      if (inside !== null) return inside;
    }
  }
  return null;
}

function locateIn(view: View, target: QuestionView, measures: Measures, page: number): Step[] | null {
  if (view === target) return [{ page, repeat: null, instance: null }];
  if (view.kind === 'group') {
    for (const child of view.children) {
      const inside = locateIn(child, target, measures, page);
      if (inside !== null) return inside;
    }
  }
  if (view.kind === 'repeat') {
    for (const instance of view.instances.value) {
      const inside = locate(pagesOf(instance.children, measures), target, measures);
      if (inside !== null) return [{ page, repeat: view, instance }, ...inside];
    }
  }
  return null;
}
