/**
 * Date helpers of the runtime: ISO text in, ISO text or days out.
 *
 * As a number a date or dateTime is the days since 1970-01-01 by the wall clock written in it, its offset left
 * aside. Only `decimal-date-time()` is universal time. The same as `dates.py`.
 */

/** What helpers that need the time get. */
interface Clock {
  readonly meta: { readonly now: () => Date };
}

interface Moment {
  readonly day: number;
  /** Hour, minute, second, millisecond. */
  readonly clock: readonly [number, number, number, number];
}

const ZONE = '(Z|[+-][0-9]{2}:[0-9]{2})?';
const CLOCK = '([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?' + ZONE;
const DATE = new RegExp(`^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T${CLOCK})?$`);
const DAYS = /^-?[0-9]{1,7}(\.[0-9]+)?$/;
const LOOSE_DATE = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(T[^]*)?$/;
const TIME = new RegExp(`^${CLOCK}$`);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const DAY_S = 86_400;
const DAY_MS = 86_400_000;
const DAY_MIN = 1_440;
const FIRST_DAY = -719_162; // 0001-01-01
const FARTHEST = 1e14; // milliseconds: some 3,170 years
const LAST_DAY = 2_932_896; // 9999-12-31

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** An ISO date or dateTime as days; NaN when it is neither. */
export function days(value: string): number {
  const moment = momentOf(value);
  if (!moment) return NaN;
  const [hour, minute, second, ms] = moment.clock;
  return moment.day + (hour * 3600 + minute * 60 + second + ms / 1000) / DAY_S;
}

function momentOf(value: string): Moment | null {
  const found = DATE.exec(value);
  if (!found) return null;
  const [year = 0, month = 0, date_ = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map(each => Number(each || 0));
  const day = dayOf(year, month, date_);
  if (day === null || hour > 23 || minute > 59 || second > 59) return null;
  return {
    day,
    clock: [hour, minute, second, Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'))],
  };
}

function dayOf(year: number, month: number, day: number): number | null {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  const isReal = year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isReal ? at.getTime() / DAY_MS : null;
}

/** Days since 1970-01-01 as an ISO date; '' for NaN and for what no calendar has. */
export function date_of_days(value: number): string {
  const day = Math.floor(value);
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) return '';
  const at = new Date(day * DAY_MS);
  return `${pad(at.getUTCFullYear(), 4)}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;
}

/** A date; a time after it is dropped, month and day may lack their zero; what is no date is ''. */
export function date(value: string): string {
  const found = LOOSE_DATE.exec(value);
  const day = found && dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
  return day === null ? '' : date_of_days(day);
}

/** A dateTime or a date; what is neither is ''. */
export function date_time(value: string): string {
  if (!value.includes('T')) return date(value);
  return momentOf(value) ? value : '';
}

const offsetOf = (at: Date): number => -at.getTimezoneOffset();

/** The date on the phone. */
export function today(c: Clock): string {
  const at = c.meta.now();
  return date_of_days((at.getTime() / 60_000 + offsetOf(at)) / DAY_MIN);
}

/** The time on the phone, with its offset. */
export const now = (c: Clock): string => local(c.meta.now(), offsetOf(c.meta.now()));

function local(at: Date, offset: number): string {
  const minutes = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return new Date(at.getTime() + offset * 60_000).toISOString().replace('Z', zone);
}

/** Days since 1970-01-01T00:00Z; without an offset the phone's counts. */
export function decimal_date_time(c: Clock, value: string): number {
  return days(value) - zoneOf(DATE.exec(value)?.[8], offsetOf(c.meta.now())) / DAY_MIN;
}

function zoneOf(zone: string | undefined, otherwise: number): number {
  if (!zone) return otherwise;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** A time of day as a fraction of a day by its own wall clock. */
export const decimal_time = (value: string): number => (TIME.test(value) ? days(`1970-01-01T${value}`) : NaN);

// Of the Community Health Toolkit: whole steps between two dates, the earlier first, and a date moved.

/** A moment by the wall clock, as if in UTC. */
function looseOf(value: string): Date | null {
  const moment = DAYS.test(value)
    ? momentOf(date_of_days(Number(value)))
    : (momentOf(value) ?? momentOf(date(value)));
  if (!moment) return null;
  const [hour, minute, second, ms] = moment.clock;
  return new Date(moment.day * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms);
}

/** Full months from one date to another, negative backwards; NaN when one is no date. */
export function months_between(start: string, end: string): number {
  const [one, other] = [looseOf(start), looseOf(end)];
  if (!one || !other) return NaN;
  return one <= other ? fullMonths(one, other) : 0 - fullMonths(other, one);
}

export const years_between = (start: string, end: string): number =>
  0 + Math.trunc(months_between(start, end) / 12);
export const weeks_between = (start: string, end: string): number => fullDays(start, end, 7);
export const days_between = (start: string, end: string): number => fullDays(start, end, 1);

function fullDays(start: string, end: string, step: number): number {
  const [one, other] = [looseOf(start), looseOf(end)];
  // Added to 0: less than a step backwards is 0, not -0.
  return one && other ? 0 + Math.trunc((other.getTime() - one.getTime()) / (step * DAY_MS)) : NaN;
}

function fullMonths(start: Date, end: Date): number {
  const years = end.getUTCFullYear() - start.getUTCFullYear();
  const months = years * 12 + end.getUTCMonth() - start.getUTCMonth();
  const moved = movedBy(start, months);
  return moved && moved <= end ? months : months - 1;
}

/** Moved by months; a day that the month hasn't becomes its last. Null outside the calendar. */
function movedBy(at: Date, months: number): Date | null {
  const moved = new Date(at);
  moved.setUTCMonth(at.getUTCMonth() + months);
  if (moved.getUTCDate() !== at.getUTCDate()) moved.setUTCDate(0);
  return isInCalendar(moved) ? moved : null;
}

const isInCalendar = (at: Date): boolean =>
  at.getTime() >= FIRST_DAY * DAY_MS && at.getTime() < (LAST_DAY + 1) * DAY_MS;

/** A date moved; what is no number counts 0. A date stays one unless hours or minutes are added. */
export function add_date(value: string, years = 0, months = 0, days_ = 0, hours = 0, minutes = 0): string {
  let moved = looseOf(value);
  for (const step of [stepOf(years * 12), stepOf(months)]) moved = moved && movedBy(moved, step);
  const added = stepOf(hours * 60) + stepOf(minutes);
  const at = moved && new Date(moved.getTime() + stepOf(days_) * DAY_MS + added * 60_000);
  if (!at || !isInCalendar(at)) return '';
  const hasTime = value.includes('T') || stepOf(hours * 60) !== 0 || stepOf(minutes) !== 0;
  if (!hasTime) return date_of_days(at.getTime() / DAY_MS);
  return at.toISOString().replace('Z', DATE.exec(value)?.[8] ?? '');
}

/** Rounded, halves away from 0; what no calendar could hold counts 0. */
const stepOf = (value: number): number =>
  Math.abs(value) < FARTHEST ? Math.sign(value) * Math.floor(Math.abs(value) + 0.5) : 0;

/** Milliseconds since 1970-01-01T00:00Z as the phone's clock now counts; '' for what no calendar has. */
export function date_of_timestamp(c: Clock, value: number): string {
  const offset = offsetOf(c.meta.now());
  const at = Math.trunc(value);
  const isKnown = Math.abs(value) < FARTHEST && isInCalendar(new Date(at + offset * 60_000));
  return isKnown ? local(new Date(at), offset) : '';
}

/** A date by a pattern; codes of the time stay as they are. */
export const format_date = (value: string, pattern: string): string =>
  format(value, pattern, /%([Yymnbdea])/g);

/** A dateTime by a pattern. */
export const format_date_time = (value: string, pattern: string): string =>
  format(value, pattern, /%([YymnbdeaHhMS3])/g);

function format(value: string, pattern: string, codes: RegExp): string {
  const moment = momentOf(value) ?? momentOf(date(value));
  return moment ? pattern.replace(codes, (_, code: string) => written(moment, code)) : '';
}

function written({ day, clock: [hour, minute, second, ms] }: Moment, code: string): string {
  const [year = '', month = '', date_ = ''] = date_of_days(day).split('-');
  const parts: Readonly<Record<string, string | undefined>> = {
    Y: year,
    y: year.slice(2),
    m: month,
    n: String(Number(month)),
    b: MONTHS[Number(month) - 1],
    d: date_,
    e: String(Number(date_)),
    a: WEEKDAYS[((day % 7) + 7) % 7],
    H: pad(hour),
    h: String(hour),
    M: pad(minute),
    S: pad(second),
    3: pad(ms, 3),
  };
  return parts[code] ?? '';
}
