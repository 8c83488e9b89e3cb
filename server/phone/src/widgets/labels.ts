/** Labels of repeats: of the repeat as a whole, without any instance's answers, and of one instance. */
import type { Scope } from '../filling.ts';
import type { Filling, InstanceView, QuestionView, RepeatView } from '../filling/types.ts';
import { firstLine } from '../markup.ts';
import { questionsShown } from '../pagination.ts';
import { t } from '../texts/filling.ts';
import type { Desk } from './context.ts';
import { shownValue } from './shown.ts';

/** What answers are put into words with. */
type Readable = Pick<Desk, 'filling' | 'lists'>;

const SAYS_NOTHING = ['trigger', 'upload']; // a tick and the name of a file
const LONGEST_NAME = 24;

/** A form in which nothing is answered. */
const BLANK: Scope = {
  chance: 0,
  meta: { now: () => new Date() },
  textOf: () => '',
  heldOf: () => '',
  textsOf: () => [],
  countOf: () => 0,
  rowsOf: () => [],
  positionOf: () => NaN,
};

/** "家庭成员 ${m_name}" names one member; over the list of all it is just "家庭成员". */
export function repeatLabel(view: RepeatView, language: string): string {
  const text = view.def.label?.[language];
  return (typeof text === 'function' ? text(BLANK) : view.label.value).trim();
}

/** The questions of an instance whose answers say something of it: what all begin with does not. */
function answeredIn(instance: InstanceView): QuestionView[] {
  const questions = questionsShown(instance.children);
  return questions.filter(
    ({ value, def }) =>
      value.value !== (def.default ?? '') && value.value !== '' && !SAYS_NOTHING.includes(def.control),
  );
}

/** What was answered in an instance, in words. */
export const answersIn = (instance: InstanceView, { lists }: Readable): string[] =>
  answeredIn(instance).map(view => firstLine(shownValue(view, lists)));

/** A label that an answer completes says which one it is; any other is numbered, and named by an answer.
 * Args: isBelow: the label that all share stands above it already. */
export function instanceLabel(
  repeat: RepeatView,
  instance: InstanceView,
  { filling, lists }: Readable,
  isBelow = false,
): string {
  const common = repeatLabel(repeat, filling.language.value);
  const own = instance.label.value.trim();
  if (own !== '' && own !== common) {
    return firstLine((isBelow && own.startsWith(common) && own.slice(common.length)) || own);
  }
  const at = repeat.instances.value.findIndex(each => each.key === instance.key);
  const number = t('nth', { n: at + 1 });
  const telling = tellingIn(instance, filling);
  const name = telling ? firstLine(shownValue(telling, lists)) : '';
  if (name === '') return `${firstLine(common)} ${number}`.trim();
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return `${isBelow ? '' : firstLine(common)} ${number} · ${short}`.trim();
}

/** The first question whose answer tells an instance from others: a choice among the form's own few is often the same. */
function tellingIn(instance: InstanceView, { module }: Filling): QuestionView | undefined {
  const answered = answeredIn(instance);
  return answered.find(({ def }) => !(def.list && def.list in module.choices)) ?? answered[0];
}
