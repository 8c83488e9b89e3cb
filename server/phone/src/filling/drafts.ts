/** Drafts: every text with its path, so that a filling opens again exactly as it was left; also from sent answers. */
import type { Form, FormModule, NodeDef } from './form.ts';
import { linkForm } from './form.ts';
import { Instance } from './scopes.ts';
import type { World } from './scopes.ts';
import { settled, textOf } from './serialise.ts';
import type { Answers, AnswerValue, SavedFilling } from './types.ts';

/** Maps while it is made: a question may have any name, also `constructor`. */
class Draft {
  readonly texts = new Map<string, string>();
  readonly counts = new Map<string, number>();
  readonly spare = new Map<string, number>();

  saved({ form_id, version }: FormModule, subject = ''): SavedFilling {
    const { texts, counts, spare } = this;
    const saved = { form_id, version, texts: Object.fromEntries(texts), counts: Object.fromEntries(counts) };
    const more = spare.size ? { ...saved, spare: Object.fromEntries(spare) } : saved;
    return subject ? { ...more, subject } : more;
  }

  static of(saved: SavedFilling): Draft {
    const draft = new Draft();
    for (const [path, text] of Object.entries(saved.texts)) draft.texts.set(path, text);
    for (const [path, count] of Object.entries(saved.counts)) draft.counts.set(path, count);
    for (const [path, count] of Object.entries(saved.spare ?? {})) draft.spare.set(path, count);
    return draft;
  }
}

/** Write down a filling; instances that a count took away follow the live ones. */
export function saveDraft(root: Instance, subject: string, language: string): SavedFilling {
  const draft = new Draft();
  const { module } = root.world.form;
  write(root, '', draft);
  const saved = draft.saved(module, subject);
  return module.worded ? { ...saved, language } : saved;
}

function write(at: Instance, prefix: string, draft: Draft): void {
  const { local, held, nodes } = at.world.form;
  for (const id of held.get(at.repeat) ?? []) {
    const path = prefix + (local[id] ?? '');
    const text = at.texts.get(id);
    if (text) draft.texts.set(path, text);
    if (nodes[id]?.kind === 'repeat') writeRepeat(at, id, path, draft);
  }
}

function writeRepeat(at: Instance, id: number, path: string, draft: Draft): void {
  const live = at.repeats.get(id) ?? [];
  const spare = at.spare.get(id) ?? [];
  draft.counts.set(path, live.length);
  if (spare.length) draft.spare.set(path, spare.length);
  [...live, ...spare].forEach((each, index) => write(each, `${path}[${index + 1}]/`, draft));
}

/** Build the instances a draft describes; texts of paths that the form no longer has are dropped. */
export function restoreDraft(world: World, saved: SavedFilling): Instance {
  const root = new Instance(world, 0, null);
  read(root, '', Draft.of(saved));
  return root;
}

function read(at: Instance, prefix: string, saved: Draft): void {
  const { nodes, local, held } = at.world.form;
  for (const id of held.get(at.repeat) ?? []) {
    const path = prefix + (local[id] ?? '');
    const text = saved.texts.get(path);
    if (text !== undefined) at.texts.set(id, text);
    if (nodes[id]?.kind !== 'repeat') continue;
    const live = saved.counts.get(path) ?? 0;
    const all = Array.from(
      { length: live + (saved.spare.get(path) ?? 0) },
      () => new Instance(at.world, id, at),
    );
    all.forEach((each, index) => read(each, `${path}[${index + 1}]/`, saved));
    at.repeats.set(id, all.slice(0, live));
    if (all.length > live) at.spare.set(id, all.slice(live));
  }
}

/** A record has nothing of what was not asked: that begins as in a new filling; gives what does. */
export function beginUnasked(at: Instance, wasAsked: (id: number) => boolean): number[] {
  const { held, nodes } = at.world.form;
  return (held.get(at.repeat) ?? []).filter(id => {
    const def = nodes[id];
    if (!def?.default || at.texts.has(id) || wasAsked(id)) return false;
    at.texts.set(id, settled(def, def.default));
    return true;
  });
}

/** A draft from answers that were sent: to correct a returned record. */
export function draftOf(module: FormModule, answers: Answers): SavedFilling {
  const draft = new Draft();
  const form = linkForm(module);
  const root = form.nodes[0];
  if (root) take(form, root, answers, '', draft);
  return { ...draft.saved(module), isSent: true };
}

function take(form: Form, group: NodeDef, answers: Answers, prefix: string, draft: Draft): void {
  const values = new Map(Object.entries(answers));
  for (const id of group.children) {
    const def = form.nodes[id];
    if (def) takeOne(form, def, values.get(def.name), prefix + def.name, draft);
  }
}

function takeOne(form: Form, def: NodeDef, value: AnswerValue | undefined, path: string, draft: Draft): void {
  if (def.kind === 'question') {
    if (value !== undefined) draft.texts.set(path, textOf(value));
  } else if (def.kind === 'group') {
    take(form, def, isObject(value) ? value : {}, `${path}/`, draft);
  } else {
    const instances = Array.isArray(value) ? value : [];
    draft.counts.set(path, instances.length);
    instances.forEach((each, index) =>
      take(form, def, isObject(each) ? each : {}, `${path}[${index + 1}]/`, draft),
    );
  }
}

function isObject(value: AnswerValue | undefined): value is Answers {
  return typeof value === 'object' && !Array.isArray(value);
}
