/** The names an answer of several choices holds, and putting one in or taking it out. */
import type { QuestionView } from '../filling/types.ts';
import { useDesk } from './context.ts';

export const words = (text: string): string[] => text.split(' ').filter(word => word !== '');

export function useToggle(view: QuestionView): (name: string) => void {
  const desk = useDesk();
  return name => {
    const before = words(view.value.peek());
    const after = before.includes(name) ? before.filter(word => word !== name) : [...before, name];
    desk.set(view, after.join(' '));
  };
}
