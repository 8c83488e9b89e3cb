/** Answers as JSON shaped like the form, made once when a filling is finalised; empty and not relevant ones left out. */
import { num, text as written } from '../../../../forms/runtime.ts';
import type { NodeDef } from './form.ts';
import type { Instance } from './scopes.ts';
import type { Answers, AnswerValue, FileRef } from './types.ts';

export interface Serialised {
  readonly answers: Answers;
  readonly files: FileRef[];
}

export function serialise(root: Instance): Serialised {
  const files: FileRef[] = [];
  const def = root.world.form.nodes[0];
  return { answers: def ? members(root, def, files) : {}, files };
}

function members(at: Instance, group: NodeDef, files: FileRef[]): Answers {
  const entries = group.children.flatMap((id): [string, AnswerValue][] => {
    const def = at.world.form.nodes[id];
    const value = def && at.isRelevant(id) ? answer(at, def, files) : undefined;
    return def && value !== undefined ? [[def.name, value]] : [];
  });
  // Not by assignment: a question may have any name, also `__proto__`.
  return Object.fromEntries(entries);
}

function answer(at: Instance, def: NodeDef, files: FileRef[]): AnswerValue | undefined {
  if (def.kind === 'repeat') {
    const instances = at.repeats.get(def.id) ?? [];
    return instances.length ? instances.map(each => members(each, def, files)) : undefined;
  }
  if (def.kind === 'group') {
    const inside = members(at, def, files);
    return Object.keys(inside).length ? inside : undefined;
  }
  const text = at.texts.get(def.id) ?? '';
  return text === '' ? undefined : answerOf(def, text, files);
}

function answerOf(def: NodeDef, text: string, files: FileRef[]): AnswerValue {
  switch (def.type) {
    case 'int':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'select_multiple':
    case 'rank':
      return text.split(' ').filter(each => each !== '');
    case 'geopoint': {
      const numbers = text.trim().split(/\s+/).map(num);
      return numbers.every(Number.isFinite) ? numbers : text;
    }
    case 'file': {
      const file = fileOf(text);
      if (!file) return text;
      files.push(file);
      return { ...file };
    }
    default:
      return text;
  }
}

/** The file that the text of a file question names; null when it names none. */
function fileOf(text: string): FileRef | null {
  if (!text.startsWith('{')) return null;
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null) return null;
  const { sha256, name, bytes, type }: Partial<Record<keyof FileRef, unknown>> = found;
  if (typeof sha256 !== 'string' || typeof name !== 'string') return null;
  return { sha256, name, bytes: Number(bytes), type: String(type) };
}

/** The text of a question from its answer; the reverse of what `serialise` does. */
export function textOf(value: AnswerValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return written(value);
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return JSON.stringify(value);
}

const SETTLED = new Set(['int', 'geopoint', 'select_multiple', 'rank']);
const MOMENT = /^(\d{4}-\d\d-\d\d)T.*$/;

/** The text as the record will give it back, `7` for `007`: the server computes with that one. A date has no time. */
export function settled(def: NodeDef, text: string): string {
  if (def.type === 'date') return text.replace(MOMENT, '$1');
  return SETTLED.has(def.type) ? textOf(answerOf(def, text, [])) : text;
}
