/** Whether an answer may stand: required, type, choice and constraint, with the message the form or the app has for it. */
import { num } from '../../../../forms/runtime.ts';
import { speaker } from '../speaking.ts';
import type { NodeDef } from './form.ts';
import type { Instance } from './scopes.ts';
import { chosen, say } from './tables.ts';
import type { Problem } from './types.ts';

/** What the app says where the form says nothing, whatever languages the form has. */
const MESSAGES = {
  required: ['请填写此项', 'This question must be answered.'],
  constraint: ['填写的内容不符合要求', 'The answer is not allowed.'],
  int: ['请填写整数', 'Enter a whole number.'],
  decimal: ['请填写数字', 'Enter a number.'],
  date: ['请填写有效日期', 'Enter a valid date.'],
  time: ['请填写有效时间', 'Enter a valid time.'],
  dateTime: ['请填写有效日期和时间', 'Enter a valid date and time.'],
  choice: ['所选项已不可用，请重新选择', 'This choice is no longer offered; choose again.'],
  place: ['位置无效', 'The position is not valid.'],
  file: ['文件无效，请重新选择', 'The file is not valid; choose one again.'],
} as const;
const generic = speaker(MESSAGES);

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(num(text));
const isTime = (text: string): boolean =>
  /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[-+]\d\d(:?\d\d)?)?$/.test(text);
const isPlace = (text: string): boolean => {
  const [lat = NaN, lon = NaN, ...others] = text.trim().split(/\s+/).map(num);
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && others.length <= 2 && !others.some(Number.isNaN);
};
const areas = (text: string): string[] => text.split(';').filter(each => each.trim() !== '');

const TYPES: Readonly<Record<string, readonly [keyof typeof MESSAGES, (text: string) => boolean]>> = {
  int: ['int', text => /^-?\d{1,15}$/.test(text)],
  decimal: ['decimal', text => /^-?(\d+(\.\d*)?|\.\d+)$/.test(text)],
  date: ['date', isDate],
  time: ['time', isTime],
  dateTime: ['dateTime', text => text.includes('T') && !Number.isNaN(num(text))],
  geopoint: ['place', isPlace],
  geotrace: ['place', text => areas(text).every(isPlace)],
  geoshape: ['place', text => areas(text).every(isPlace)],
  file: ['file', text => text.startsWith('{')],
};

export const isOfType = (type: string, text: string): boolean => TYPES[type]?.[1](text) ?? true;

/** What is wrong with a question's answer now; null when nothing is, or when it isn't relevant or can't be changed. */
export function problemOf(at: Instance, def: NodeDef, language: string): Problem | null {
  if (def.kind !== 'question' || !def.control || !at.isRelevant(def.id)) return null;
  const text = at.texts.get(def.id) ?? '';
  if (text === '') {
    if (!def.required?.(at)) return null;
    return {
      kind: 'required',
      message: say(def.required_message, language, at) || generic('required'),
    };
  }
  const [type, isValid] = TYPES[def.type] ?? [];
  if (type && !def.calculate && !isValid?.(text)) return { kind: 'type', message: generic(type) };
  if (!def.calculate && !isOffered(at, def, text)) return { kind: 'choice', message: generic('choice') };
  if (def.constraint?.(at) === false) {
    return {
      kind: 'constraint',
      message: say(def.constraint_message, language, at) || generic('constraint'),
    };
  }
  return null;
}

function isOffered(at: Instance, def: NodeDef, text: string): boolean {
  if (def.list === undefined) return true;
  const values = chosen(def, text);
  return at.world.tables.offered(def, at, values).length === values.length;
}
