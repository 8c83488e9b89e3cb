/** Compiled form modules: imported, and their texts picked by language. */
import * as runtime from '@forms/runtime.ts';
import type { FormModule } from './filling/form.ts';

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

/** Return a text of the form in the language wanted: XLSForm writes "zh", "中文 (zh)" or "default". */
export function pickLanguage(languages: readonly string[], wanted: string, otherwise: string): string {
  const isWanted = (name: string): boolean => name === wanted || name.includes(`(${wanted}`);
  return languages.find(isWanted) ?? (otherwise !== '' ? otherwise : (languages[0] ?? ''));
}

export function titleOf(title: Readonly<Record<string, string>>, wanted: string): string {
  const name = pickLanguage(Object.keys(title), wanted, '');
  return title[name] ?? Object.values(title)[0] ?? '';
}
