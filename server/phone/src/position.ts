/** Where in a filling the person is: a page of the form, or of one instance of a repeat, or of one inside that. */
import { batch, computed, signal } from '@preact/signals';
import type { Filling, InstanceView, QuestionView, RepeatView } from './filling/types.ts';
import type { Measures, Page, Step } from './pagination.ts';
import { hasComment, isPageShown, locate, measuresOf, pagesOf } from './pagination.ts';

export interface Level {
  repeat: RepeatView | null;
  instance: InstanceView | null;
  pages: Page[];
  index: number;
}

export class Position {
  readonly levels = signal<Level[]>([]);
  readonly here = computed(() => this.levels.value[this.levels.value.length - 1]);
  readonly depth = computed(() => this.levels.value.length - 1);
  /** The instance one came out of last, by its key, so that a long list shows it again; 0 for none. */
  lastLeft = 0;
  private readonly measures: Measures;
  private readonly rootPages: Page[];

  /** Begin at a page, or, in a correction that was just opened, at the first page with a comment. */
  constructor(filling: Filling, page: number, comments: Readonly<Record<string, string>> = {}) {
    this.measures = measuresOf(filling.module);
    this.rootPages = pagesOf(filling.root.children, this.measures);
    this.levels.value = [{ repeat: null, instance: null, pages: this.rootPages, index: 0 }];
    const commented = page > 0 ? -1 : this.rootPages.findIndex(each => hasComment(each, comments));
    const start = Math.max(page, commented);
    const wanted = this.rootPages[start];
    this.turnTo(wanted && isPageShown(wanted) ? start : Math.max(0, this.nextShown(-1, 1)));
  }

  get rootPage(): number {
    return this.levels.peek()[0]?.index ?? 0;
  }

  /** Return the next page that shows anything, -1 when there is none. */
  nextShown(from: number, step: 1 | -1): number {
    const pages = this.here.peek()?.pages ?? [];
    for (let at = from + step; at >= 0 && at < pages.length; at += step) {
      const page = pages[at];
      if (page && isPageShown(page)) return at;
    }
    return -1;
  }

  turn(step: 1 | -1): boolean {
    const next = this.nextShown(this.here.peek()?.index ?? 0, step);
    this.lastLeft = 0;
    if (next >= 0) this.turnTo(next);
    return next >= 0;
  }

  turnTo(index: number): void {
    const levels = this.levels.peek();
    const last = levels[levels.length - 1];
    if (last) this.levels.value = [...levels.slice(0, -1), { ...last, index }];
  }

  enter(repeat: RepeatView, instance: InstanceView, index = -1): void {
    const pages = pagesOf(instance.children, this.measures);
    this.levels.value = [...this.levels.peek(), { repeat, instance, pages, index: Math.max(0, index) }];
    if (index < 0) this.turnTo(Math.max(0, this.nextShown(-1, 1)));
  }

  leaveTo(depth: number): void {
    this.lastLeft = this.levels.peek()[depth + 1]?.instance?.key ?? 0;
    this.levels.value = this.levels.peek().slice(0, Math.max(1, depth + 1));
  }

  /** Return the instances around a question, outermost first. */
  around(target: QuestionView): { repeat: RepeatView; instance: InstanceView }[] {
    return this.wayTo(target).flatMap(({ repeat, instance }) =>
      repeat && instance ? [{ repeat, instance }] : [],
    );
  }

  /** The way to a question; none when no page shows it. */
  wayTo(target: QuestionView): Step[] {
    return locate(this.rootPages, target, this.measures) ?? [];
  }

  /** Go from the top of the form to a page, or into an instance. */
  follow(steps: readonly Step[]): void {
    batch(() => {
      if (steps.length > 0) this.leaveTo(0);
      for (const { page, repeat, instance } of steps) {
        this.turnTo(page);
        if (repeat && instance) this.enter(repeat, instance);
      }
    });
  }
}
