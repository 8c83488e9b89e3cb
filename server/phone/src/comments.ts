/** What the office wrote about a returned record: the whole, and single questions found again in the correction. */
import type { OutboxRecord } from './db.ts';
import type { QuestionView, View } from './filling/types.ts';
import { allRecords, submissions } from './state.ts';
import type { SubmissionChange } from './wire.ts';

export interface Comment {
  text: string;
  /** The question it stands at, null where this version of the form shows none. */
  view: QuestionView | null;
  path: string;
}

/** Return the submission that a correction answers. */
export function returnedFor(record: OutboxRecord): SubmissionChange | undefined {
  if (record.deprecated_id === '') return undefined;
  const old = allRecords.peek().find(known => known.instance_id === record.deprecated_id);
  const root = old === undefined || old.root_id === '' ? record.deprecated_id : old.root_id;
  return submissions
    .peek()
    .find(found => found.instance_id === record.deprecated_id || found.root_id === root);
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
