/** Days and times as people here write them. */
import { language } from './settings.ts';

/** Show the time of day by the phone's clock, a started minute as a whole one. */
export function clockTime(atMs: number): string {
  const at = new Date(Math.ceil(atMs / 60_000) * 60_000);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Show an instant as people here write it: the time alone for today, else with the date. */
export function shortTime(iso: string): string {
  const at = new Date(iso);
  if (iso === '' || Number.isNaN(at.getTime())) return '';
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? time : `${shortDate(at)} ${time}`;
}

/** Return whether a day of the town's calendar is over. */
export function isPast(day: string): boolean {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1).getTime() <= Date.now();
}

/** Show a day of the town's calendar, given as an ISO date, without its year where it is this one. */
export function dayText(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const short = shortDate(new Date(year, month - 1, date));
  return language.value === 'zh' && year !== new Date().getFullYear() ? `${year}年${short}` : short;
}

/** Show when something is held, by the town's clock whatever zone the phone is set to. */
export function townTime(iso: string): string {
  const there = inTown(iso);
  return there === '' ? '' : `${dayText(there.slice(0, 10))} ${there.slice(11, 16)}`;
}

/** Return the town's day of an instant, as an ISO date. */
export const townDay = (iso: string): string => inTown(iso).slice(0, 10);

function inTown(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '' : new Date(at + TOWN_OFFSET_MS).toISOString();
}

const TOWN_OFFSET_MS = 8 * 3_600_000; // China keeps one zone and no summer time

export function shortDate(at: Date): string {
  return language.value === 'zh'
    ? `${at.getMonth() + 1}月${at.getDate()}日`
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const two = (n: number): string => String(n).padStart(2, '0');
