/** Choices about the look, kept in localStorage because they are needed before the first paint. */
import { effect, signal } from '@preact/signals';

export type Language = 'zh' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

function kept<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const found = readKey(key);
  return allowed.find(value => value === found) ?? otherwise;
}

function readKey(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden; the defaults serve
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice then lasts until the page is closed.
  }
}

export const language = signal<Language>(kept('language', ['zh', 'en'], 'zh'));
/** The language forms are filled in where they have it; '' for the app's own. */
export const spoken = signal(readKey('spoken') ?? '');
export const isLarge = signal(kept('text', ['normal', 'large'], 'normal') === 'large');
export const theme = signal<Theme>(kept('theme', ['auto', 'light', 'dark'], 'auto'));

/** Show the choices on the page and keep them; runs again whenever one changes. */
export function applySettings(): void {
  showSettings();
  effect(() => keep('language', language.value));
  effect(() => keep('spoken', spoken.value));
  effect(() => keep('text', isLarge.value ? 'large' : 'normal'));
  effect(() => keep('theme', theme.value));
}

/** Show them without keeping them, as in a trial. */
export function showSettings(): void {
  const root = document.documentElement;
  effect(() => {
    root.lang = language.value === 'zh' ? 'zh-CN' : 'en';
    root.dataset['text'] = isLarge.value ? 'large' : 'normal';
    root.dataset['theme'] = theme.value;
  });
}
