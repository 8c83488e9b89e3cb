/** A filling opened again, as a draft, computed anew and as a record to correct, must be what it was. */
import { draftOf } from '../../src/filling.ts';
import type { Filling, SavedFilling } from '../../src/filling.ts';
import { ownState } from '../oracle.ts';
import { compare } from './compare.ts';
import type { Difference, Types } from './compare.ts';

export type Open = (language: string, saved?: SavedFilling) => Filling;

export interface Reopened {
  /** The draft taken up again: the walk goes on with it. */
  readonly filling: Filling;
  readonly differences: readonly Difference[];
}

/** What is computed once, as chance gives it, or was written over, is not the same computed `anew`. */
export function reopen(before: Filling, open: Open, types: Types, isSameAnew: boolean): Reopened {
  const { module, language } = before;
  // An action at each opening may change anything.
  if (module.actions.some(({ event }) => event === 'load')) return { filling: before, differences: [] };
  const saved = stored(before.save());
  const filling = open(language.value, saved);
  const corrected = open(language.value, draftOf(module, stored(before.serialise().answers)));
  const anew = isSameAnew ? open(language.value, { ...saved, version: `not ${saved.version}` }) : filling;
  const state = ownState(before);
  const differences = [
    ...compare(ownState(filling), state, types),
    ...compare(ownState(anew), state, types),
    ...[filling, anew, corrected].flatMap(each => differ('record', recordOf(each), recordOf(before))),
    ...differ('errors', errorsOf(corrected), errorsOf(before)),
  ];
  return { filling, differences };
}

/** As the phone keeps it. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const recordOf = (filling: Filling): string =>
  JSON.stringify([filling.serialise().answers, filling.instanceName(), filling.entities()]);

export const errorsOf = (filling: Filling): string[] =>
  filling.errors().map(({ view, kind }) => `${view.path}:${kind}`);

function differ(what: string, ours: unknown, before: unknown): Difference[] {
  const [own, other] = [String(ours), String(before)];
  return own === other ? [] : [{ step: '', path: '', what, ours: own, oracle: other, known: '' }];
}
