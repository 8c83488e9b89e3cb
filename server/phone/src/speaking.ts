/** Saying a text in the language chosen. */
import { language } from './settings.ts';

type Values = Readonly<Record<string, string | number>>;

/** Return what says one of these texts, given as Chinese and English, `{name}` replaced by values. */
export function speaker<K extends string>(texts: Readonly<Record<K, readonly [string, string]>>) {
  return (key: K, values: Values = {}): string => {
    const text = texts[key][language.value === 'zh' ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
