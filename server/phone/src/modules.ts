/** Compiled form modules: imported, and their texts picked by language. */
import * as runtime from '@forms/runtime.ts';
import type { FormModule } from './filling/form.ts';
import { language, spoken } from './settings.ts';

interface Emitted {
  runtime: number;
  form: (rt: typeof runtime) => FormModule;
}

/** Import a module from an address of this server; null when it can't be had. */
export async function importModule(url: string): Promise<FormModule | null> {
  try {
    const emitted = (await import(/* @vite-ignore */ url)) as Emitted;
    return emitted.form(runtime);
  } catch {
    return null;
  }
}

/** How authors write the languages that the app has too. */
const NAMES: Readonly<Record<string, RegExp>> = {
  zh: /^(zh|chinese)(?![a-z])|中文|汉语|\(zh/i,
  en: /^(en|eng|english)(?![a-z])|\(en/i,
};

/** Find the language wanted: XLSForm writes "zh", "中文 (zh)", "English" or "default". */
export function pickLanguage(languages: readonly string[], wanted: string, otherwise: string): string {
  const isWanted = (name: string): boolean => name === wanted || (NAMES[wanted]?.test(name) ?? false);
  return languages.find(isWanted) ?? (otherwise !== '' ? otherwise : (languages[0] ?? ''));
}

/** The language to fill a form in now: the one chosen for forms, else the app's, else the form's own. */
export function languageOf({ languages, default_language }: FormModule): string {
  if (languages.includes(spoken.value)) return spoken.value;
  return pickLanguage(languages, language.value, default_language);
}

export function titleOf(title: Readonly<Record<string, string>>, wanted: string): string {
  const name = pickLanguage(Object.keys(title), wanted, '');
  return title[name] ?? Object.values(title)[0] ?? '';
}
