/** Labels of repeats: of the repeat as a whole, without any instance's answers, and of one instance. */
import type { Scope } from '../filling.ts';
import type { InstanceView, RepeatView } from '../filling/types.ts';
import { firstLine } from '../markup.ts';
import { t } from '../texts/filling.ts';

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

/** A label that an answer completes says which one it is; any other is numbered. */
export function instanceLabel(repeat: RepeatView, instance: InstanceView, language: string): string {
  const common = repeatLabel(repeat, language);
  const own = instance.label.value.trim();
  if (own !== '' && own !== common) return firstLine(own);
  const at = repeat.instances.value.findIndex(each => each.key === instance.key);
  return `${firstLine(common)} ${t('nth', { n: at + 1 })}`.trim();
}
