/** What every widget of an open filling may use. */
import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Filling, InstanceView, QuestionView, RepeatView } from '../filling/types.ts';
import type { ListRows } from '../lists.ts';

export interface Desk {
  filling: Filling;
  lists: ListRows;
  /** What the office wrote about single questions, by path. */
  comments: Readonly<Record<string, string>>;
  /** Whether empty required questions of the page in sight are shown as missing. */
  isAsked: Signal<boolean>;
  set(view: QuestionView, text: string): void;
  open(repeat: RepeatView, instance: InstanceView): void;
  add(repeat: RepeatView): void;
  remove(repeat: RepeatView, index: number): void;
}

const Context = createContext<Desk | null>(null);
export const DeskProvider = Context.Provider;

export function useDesk(): Desk {
  const desk = useContext(Context);
  if (desk === null) throw new Error('a widget stands outside of a filling');
  return desk;
}

/** Ids of elements come from paths, which may hold brackets and slashes. */
export const idOf = (path: string): string => `q-${path.replace(/[^\w-]/g, '_')}`;
