/** Our record as JSON and the oracle's as XML -> leaves that differ. */
import type { Answers, AnswerValue } from '../../src/filling.ts';
import { textOf } from '../../src/filling/serialise.ts';
import { isMeta } from '../oracle.ts';
import { bare, isSameValue } from './compare.ts';
import type { Difference, Types } from './compare.ts';

type Leaf = readonly [path: string, text: string];

export function compareRecords(answers: Answers, xml: string, types: Types): Difference[] {
  const ours = new Map(ownLeaves(answers, ''));
  const parsed = new DOMParser().parseFromString(xml, 'text/xml');
  // The oracle writes attributes with a prefix that it doesn't declare: nobody can read that record.
  if (parsed.getElementsByTagName('parsererror').length > 0) return [];
  const root = parsed.documentElement;
  const theirs = new Map(xmlLeaves(root, '', types));
  const paths = new Set([...ours.keys(), ...[...theirs.keys()].filter(path => !isMeta(path))]);
  return [...paths].flatMap(path => {
    const [own, other] = [ours.get(path) ?? '', theirs.get(path) ?? ''];
    if (isSameValue(own, other, types.get(bare(path)) ?? '')) return [];
    return [{ step: 'end', path, what: 'record', ours: own, oracle: other, known: '' }];
  });
}

function ownLeaves(answers: Answers, prefix: string): Leaf[] {
  return Object.entries(answers).flatMap(([name, value]) => leavesOf(value, prefix + name));
}

function leavesOf(value: AnswerValue, path: string): Leaf[] {
  if (Array.isArray(value) && value.some(isGroup)) {
    return value.flatMap((each, index) => leavesOf(each, `${path}[${index + 1}]`));
  }
  return isGroup(value) ? ownLeaves(value, `${path}/`) : [[path, textOf(value)]];
}

/** An object is a group or an instance, but for a file. */
const isGroup = (value: AnswerValue): value is Answers =>
  typeof value === 'object' && !Array.isArray(value) && !('sha256' in value);

function xmlLeaves(element: Element, prefix: string, types: Types): Leaf[] {
  const seen = new Map<string, number>();
  return [...element.children].flatMap((child): Leaf[] => {
    const path = prefix + child.localName;
    const index = (seen.get(path) ?? 0) + 1;
    seen.set(path, index);
    const placed = types.get(bare(path)) === 'repeat' ? `${path}[${index}]` : path;
    return child.children.length ? xmlLeaves(child, `${placed}/`, types) : [[placed, child.textContent]];
  });
}
