/** What every widget of an open filling may use. */
import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Filling, InstanceView, QuestionView, RepeatView } from '../filling/types.ts';
import type { FormMedia } from '../formmedia.ts';
import type { Step } from '../pagination.ts';
import type { ListRows } from '../rows.ts';

export interface Desk {
  filling: Filling;
  lists: ListRows;
  media: FormMedia;
  /** What the office wrote about single questions, by path. */
  comments: Readonly<Record<string, string>>;
  /** Whether empty required questions of the page in sight are shown as missing. */
  isAsked: Signal<boolean>;
  set(view: QuestionView, text: string): void;
  /** Go on from a question whose answer is whole with one tap. */
  advance(view: QuestionView): void;
  /** The key of the instance one has just come out of, 0 for none. */
  cameFrom(): number;
  /** Go to a page from the top of the form, into the instances on the way. */
  follow(steps: readonly Step[]): void;
  open(repeat: RepeatView, instance: InstanceView): void;
  add(repeat: RepeatView): void;
  /** Leave the last instance for a new one. */
  addAnother(repeat: RepeatView): void;
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
export const labelId = (view: QuestionView): string => `${idOf(view.path)}-label`;

interface Told {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
  'aria-required': boolean;
}

/** What a field tells about itself to those who don't see the page: its hint, whether it must be, what is wrong. */
export function told(view: QuestionView): Told {
  const id = idOf(view.path);
  return {
    id,
    'aria-describedby': `${id}-hint ${id}-error`,
    'aria-invalid': view.error.value !== '',
    'aria-required': view.required.value,
  };
}

export const looksLike = (view: QuestionView, ...looks: string[]): boolean =>
  looks.some(look => view.def.appearance.includes(look));
