/** Where the person is: the page and its arguments from the address's fragment, so that reload and back work. */
import { signal } from '@preact/signals';

export interface Route {
  page: string;
  args: string[];
}

export const route = signal<Route>(parse(typeof location === 'undefined' ? '' : location.hash));

function parse(hash: string): Route {
  const [page = '', ...args] = hash.replace(/^#\/?/, '').split('/').map(decode);
  return { page: page === '' ? 'today' : page, args };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function startRouting(): void {
  addEventListener('hashchange', () => {
    route.value = parse(location.hash);
    scrollTo(0, 0);
  });
}

export const to = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;

export function go(...parts: string[]): void {
  location.hash = to(...parts);
}

/** Go to another page without leaving this one in the history. */
export function replace(...parts: string[]): void {
  history.replaceState(null, '', to(...parts));
  route.value = parse(location.hash);
}
