/** The answers of the record of a form that this person finished last: what its `last-saved` expressions read. */
import type { LocalEntity } from './db.ts';
import { store } from './db.ts';
import { textOf } from './filling/serialise.ts';
import type { Answers, AnswerValue } from './filling/types.ts';
import { records } from './state.ts';

/** As the compiler calls the list whose one row is that record. */
export const LAST_SAVED = '__last-saved';

/** Return that row with these columns, which are paths; all empty when there is no such record. */
export async function lastSaved(formId: string, columns: readonly string[]): Promise<LocalEntity> {
  const answers = await lastAnswers(formId);
  const texts = columns.map(path => [path, textAt(answers, path.split('/'))] as const);
  const data = Object.fromEntries(texts);
  return { list_name: LAST_SAVED, entity_id: formId, kind: 'create', label: '', data };
}

/** In whatever version of the form it was, sent or not. */
async function lastAnswers(formId: string): Promise<Answers> {
  const [last] = records.value
    .filter(record => record.form_id === formId && record.state !== 'draft')
    .sort((a, b) => b.ordinal - a.ordinal || (a.finalised_at < b.finalised_at ? 1 : -1));
  const body = last && (await (await store()).get('bodies', last.instance_id));
  return body ? (JSON.parse(body.payload) as { answers: Answers }).answers : {};
}

/** Of a repeat the first instance is meant. A file belongs to the record that it was taken for. */
function textAt(value: AnswerValue | undefined, path: readonly string[]): string {
  const [name, ...rest] = path;
  if (value === undefined) return '';
  if (name === undefined) return isFile(value) ? '' : textOf(value);
  const inside = Array.isArray(value) ? value[0] : value;
  if (typeof inside !== 'object' || Array.isArray(inside) || !Object.hasOwn(inside, name)) return '';
  return textAt(inside[name], rest);
}

const isFile = (value: AnswerValue): boolean => typeof value === 'object' && !Array.isArray(value);
