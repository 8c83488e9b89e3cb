/** Instants as ISO text with the phone's own offset, as XForms dateTime answers are written. */

const two = (n: number): string => String(n).padStart(2, '0');

export function localIso(at: Date): string {
  if (Number.isNaN(at.getTime())) return '';
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.000${zone}`;
}
