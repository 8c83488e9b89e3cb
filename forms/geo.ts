/**
 * Geometry helpers of the runtime: area, length and crossings over geopoint, geotrace and geoshape texts.
 *
 * A point is `lat lon [alt [accuracy]]`, points are separated by `;`, the earth is a sphere. The same as `geo.py`.
 */

type Point = readonly [latitude: number, longitude: number];

const EARTH_RADIUS_M = 6_378_100; // Source: packages/xpath/src/functions/xforms/geo.ts of getodk/web-forms
const MAX_CROSSED = 2_000; // points
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/;

const SPACES = /[ \t\r\n]+/;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const hundredths = (value: number): number => Math.floor(value * 100 + 0.5) / 100;
const wordsOf = (text: string): string[] => text.split(SPACES).filter(each => each !== '');
const numberOf = (text = ''): number => (NUMBER.test(text) ? Number(text) : NaN);

/** All points in degrees; null when the text is no point. */
function degreesOf(text: string): Point[] | null {
  const parts = text.split(';').map(wordsOf);
  const points = parts
    .filter(words => words.length > 0)
    .map(([latitude, longitude]): Point => [numberOf(latitude), numberOf(longitude)]);
  return points.flat().every(Number.isFinite) ? points : null;
}

/** All points in radians; null when a text is no point. */
function pointsOf(texts: readonly string[]): Point[] | null {
  const read = texts.map(degreesOf);
  if (read.includes(null)) return null;
  return read.flatMap(each => each ?? []).map(([one, other]): Point => [radians(one), radians(other)]);
}

/** Sum over each point and the one after it. */
function along(points: readonly Point[], measure: (one: Point, other: Point) => number): number {
  return points.slice(1).reduce((sum, point, index) => sum + measure(points[index] ?? point, point), 0);
}

/** The area within the points in square metres, to the hundredth; 0 for fewer than three. */
export function area(texts: readonly string[]): number {
  const points = pointsOf(texts);
  const [start] = points ?? [];
  if (!points || !start || points.length < 3) return 0;
  const end = points[points.length - 1];
  const isClosed = end?.[0] === start[0] && end[1] === start[1];
  const sum = along(isClosed ? points : [...points, start], slice);
  return hundredths(Math.abs((sum * EARTH_RADIUS_M * EARTH_RADIUS_M) / 2));
}

const slice = (one: Point, other: Point): number =>
  (other[1] - one[1]) * (2 + Math.sin(other[0]) + Math.sin(one[0]));

/** The length along the points in metres, to the hundredth; NaN when a text is no point. */
export function distance(texts: readonly string[]): number {
  const points = pointsOf(texts);
  return points && points.length > 1 ? hundredths(along(points, arc) * EARTH_RADIUS_M) : NaN;
}

function arc(one: Point, other: Point): number {
  const cosine =
    Math.sin(one[0]) * Math.sin(other[0]) +
    Math.cos(one[0]) * Math.cos(other[0]) * Math.cos(one[1] - other[1]);
  return Math.acos(Math.max(-1, Math.min(1, cosine)));
}

const isSame = (one: Point | undefined, other: Point | undefined): boolean =>
  one !== undefined && other !== undefined && one[0] === other[0] && one[1] === other[1];

/** Whether a point lies within a closed shape, by even and odd crossings in degrees. */
export function geofence(point: string, shape: string): boolean {
  const corners = degreesOf(shape) ?? [];
  const [at] = degreesOf(point) ?? [];
  if (!at || corners.length < 2 || !isSame(corners[0], corners[corners.length - 1])) return false;
  const [latitude, longitude] = at;
  const crosses = (before: Point, after: Point): boolean =>
    after[0] > latitude !== before[0] > latitude &&
    longitude < ((before[1] - after[1]) * (latitude - after[0])) / (before[0] - after[0]) + after[1];
  return along(corners, (before, after) => (crosses(before, after) ? 1 : 0)) % 2 === 1;
}

type Segment = readonly [start: Point, end: Point];

/** Whether a line or shape crosses or touches itself, other than where its segments meet or it closes. */
export function intersects(line: string): boolean {
  const points = degreesOf(line) ?? [];
  if (points.length > MAX_CROSSED) return false;
  const all = points.slice(1).map((end, index): Segment => [points[index] ?? end, end]);
  const segments = all.filter(([start, end]) => !isSame(start, end));
  const last = segments.length - 1;
  const isClosed = last > 0 && isSame(segments[0]?.[0], segments[last]?.[1]);
  return segments.some((one, from) =>
    segments.some(
      (other, to) => to > from + 1 && !(isClosed && from === 0 && to === last) && meet(one, other),
    ),
  );
}

/** Whether two segments share a point. */
function meet(one: Segment, other: Segment): boolean {
  const ends: readonly (readonly [Segment, Point])[] = [
    [one, other[0]],
    [one, other[1]],
    [other, one[0]],
    [other, one[1]],
  ];
  const [a = 0, b = 0, c = 0, d = 0] = ends.map(([segment, point]) => turn(segment, point));
  if (a * b < 0 && c * d < 0) return true;
  return ends.some(([segment, point]) => turn(segment, point) === 0 && isBetween(segment, point));
}

/** Which side of a segment a point lies on: 0 on its line. */
const turn = ([start, end]: Segment, point: Point): number =>
  (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0]);

const isBetween = ([start, end]: Segment, point: Point): boolean =>
  ([0, 1] as const).every(
    at => Math.min(start[at], end[at]) <= point[at] && point[at] <= Math.max(start[at], end[at]),
  );

/** Latitude and longitude alone. */
export const short_geopoint = (point: string): string =>
  wordsOf(point).slice(0, 2).join(' ');

const POLE = 1e-9; // nearer to it there is no east

/** A point moved by up to so many metres, whichever way; its accuracy becomes that range. */
export function geo_scatter(point: string, range_m: number): string {
  const [at] = degreesOf(point) ?? [];
  if (!at || !(range_m >= 0 && range_m < EARTH_RADIUS_M)) return '';
  // The root makes every place in the circle equally likely.
  const distance_m = range_m * Math.sqrt(Math.random());
  const angle = 2 * Math.PI * Math.random();
  const degrees = (metres: number, radius_m: number): number => (metres / radius_m) * (180 / Math.PI);
  const width_m = EARTH_RADIUS_M * Math.max(Math.cos((at[0] * Math.PI) / 180), POLE);
  const latitude = at[0] + degrees(distance_m * Math.cos(angle), EARTH_RADIUS_M);
  const longitude = at[1] + degrees(distance_m * Math.sin(angle), width_m);
  return `${latitude.toFixed(7)} ${longitude.toFixed(7)} 0 ${range_m}`;
}
