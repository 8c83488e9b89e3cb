/** Keeping what one is at where it is on the screen, while an answer makes questions come or go above it. */

/** Call before the change; browsers do the like by themselves, but not at the top of a page, and iOS not at all. */
export function stayPut(): void {
  const held = document.activeElement;
  if (held === null || held.closest('.q') === null) return;
  const { top } = held.getBoundingClientRect();
  requestAnimationFrame(() => {
    if (document.activeElement !== held) return;
    const moved = held.getBoundingClientRect().top - top;
    if (Math.abs(moved) >= 1) scrollBy(0, moved);
  });
}
