/** A form cut into pages of a readable length: groups stay whole where they fit, a repeat is a page of its own. */
import type { FormModule } from './filling/form.ts';
import type { GroupView, InstanceView, QuestionView, RepeatView, View } from './filling/types.ts';

export const PAGE_QUESTIONS = 20;

export interface Page {
  /** The nearest group with a label, for the page's title; null at the top of the form. */
  group: GroupView | null;
  items: View[];
}

/** How many questions with a control stand below each node; computed from the module, before any view is made. */
export function sizesOf(module: FormModule): number[] {
  const sizes = module.nodes.map<number>(node =>
    (node.kind ?? 'question') === 'question' && node.control ? 1 : 0,
  );
  // Children come after their parents in document order, so one pass from the end adds everything up.
  for (let id = module.nodes.length - 1; id > 0; id--) {
    const parent = module.nodes[id]?.parent ?? 0;
    sizes[parent] = (sizes[parent] ?? 0) + (sizes[id] ?? 0);
  }
  return sizes;
}

/** Cut a sequence of views into pages; only groups too large for one page are looked into. */
export function pagesOf(
  views: readonly View[],
  sizes: readonly number[],
  group: GroupView | null = null,
): Page[] {
  const pages: Page[] = [];
  let run: View[] = [];
  let runSize = 0;
  const flush = (): void => {
    if (run.length > 0) pages.push({ group, items: run });
    run = [];
    runSize = 0;
  };
  for (const view of views) {
    const size = sizes[view.def.id] ?? 0;
    if (size === 0) continue;
    const isInline = view.kind === 'question' || (view.kind === 'group' && !hasLabel(view) && size <= 5);
    if (isInline) {
      if (runSize + size > PAGE_QUESTIONS) flush();
      run.push(view);
      runSize += size;
      continue;
    }
    flush();
    if (view.kind === 'group' && size > PAGE_QUESTIONS && !isOneScreen(view)) {
      pages.push(...pagesOf(view.children, sizes, hasLabel(view) ? view : group));
    } else pages.push({ group: view.kind === 'group' && hasLabel(view) ? view : group, items: [view] });
  }
  flush();
  return pages;
}

const hasLabel = (view: View): boolean => view.def.label !== undefined;
const isOneScreen = (view: View): boolean => view.def.appearance.includes('field-list');

/** Whether a person sees the view now. A signal read: whoever calls it in a component follows the answers. */
export function isShown(view: View): boolean {
  if (!view.relevant.value) return false;
  if (view.kind === 'question') return view.def.control !== '';
  if (view.kind === 'repeat') return view.isOpen || view.instances.value.length > 0;
  return view.children.some(isShown);
}

export const isPageShown = (page: Page): boolean => page.items.some(isShown);

/** Cheaper, for counting pages: a relevant group counts as shown without a look at its questions. */
export function isPageLikely(page: Page): boolean {
  return page.items.some(item => (item.kind === 'question' ? isShown(item) : item.relevant.value));
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

export function locate(pages: Page[], target: QuestionView, sizes: readonly number[]): Step[] | null {
  for (const [page, { items }] of pages.entries()) {
    for (const item of items) {
      const inside = locateIn(item, target, sizes, page);
      if (inside !== null) return inside;
    }
  }
  return null;
}

function locateIn(view: View, target: QuestionView, sizes: readonly number[], page: number): Step[] | null {
  if (view === target) return [{ page, repeat: null, instance: null }];
  if (view.kind === 'group') {
    for (const child of view.children) {
      const inside = locateIn(child, target, sizes, page);
      if (inside !== null) return inside;
    }
  }
  if (view.kind === 'repeat') {
    for (const instance of view.instances.value) {
      const inside = locate(pagesOf(instance.children, sizes), target, sizes);
      if (inside !== null) return [{ page, repeat: view, instance }, ...inside];
    }
  }
  return null;
}
