/** What the office wrote about a returned record: the whole, and single questions found again in the correction. */
import type { QuestionView, View } from './filling/types.ts';

export interface Comment {
  text: string;
  /** The question it stands at, null where this version of the form shows none. */
  view: QuestionView | null;
  path: string;
}

/** Find the questions that comments are about; a comment on a calculated value stays without one. */
export function placed(views: readonly View[], comments: Readonly<Record<string, string>>): Comment[] {
  return Object.entries(comments).map(([path, text]) => ({ path, text, view: findQuestion(views, path) }));
}

/** Follow a path downwards; only the groups and instances on the way are looked into. */
export function findQuestion(views: readonly View[], path: string): QuestionView | null {
  for (const view of views) {
    if (view.kind === 'question') {
      if (view.path === path && view.def.control !== '') return view;
    } else if (view.kind === 'group') {
      const inside = path.startsWith(`${view.path}/`) ? findQuestion(view.children, path) : null;
      if (inside) return inside;
    } else {
      const instance = view.instances.peek().find(each => path.startsWith(`${each.path}/`));
      const inside = instance ? findQuestion(instance.children, path) : null;
      if (inside) return inside;
    }
  }
  return null;
}
