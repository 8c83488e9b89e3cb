/** Going from field to field with Enter, as whoever types in paper forms does; never while an input method uses it. */

const STOPS = '.q input, .q textarea, .q select, .q button.pick, .fill-bar .look-main';
const SAME_KEY_MS = 60;

let composedAt = -Infinity;

/** Safari ends the composition before it reports the key that ended it. */
export function composed(event: CompositionEvent): void {
  composedAt = event.timeStamp;
}

export function moveOn(event: KeyboardEvent): void {
  const field = event.target;
  if (event.key !== 'Enter' || event.isComposing || event.timeStamp - composedAt < SAME_KEY_MS) return;
  if (!(field instanceof HTMLInputElement)) return;
  const fields = [...document.querySelectorAll<HTMLElement>(STOPS)].filter(isStop);
  const at = fields.indexOf(field);
  if (at >= 0) fields[at + 1]?.focus();
  event.preventDefault();
}

/** Of several choices only one is a stop: the one chosen, else the first. */
function isStop(field: HTMLElement): boolean {
  if (!(field instanceof HTMLInputElement) || field.type !== 'radio') return true;
  const group = [...document.querySelectorAll<HTMLInputElement>(`input[name="${field.name}"]`)];
  return field === (group.find(each => each.checked) ?? group[0]);
}
