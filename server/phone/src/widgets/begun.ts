/** What somebody began to answer and hasn't confirmed, as a drawing. */

/** How to keep each. */
export const begun = new Set<() => Promise<void>>();

/** Do something once all of that is kept; at once where nothing was begun. */
export function afterKeeping(next: () => void): void {
  if (begun.size === 0) next();
  else void Promise.all([...begun].map(async keep => keep())).then(next);
}
