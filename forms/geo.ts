/**
 * Geometry helpers of the runtime: area and length over geopoint, geotrace and geoshape texts.
 *
 * A point is `lat lon [alt [accuracy]]`, points are separated by `;`, the earth is a sphere. The same as `geo.py`.
 */

type Point = readonly [latitude: number, longitude: number];

const EARTH_RADIUS_M = 6_378_100; // Source: packages/xpath/src/functions/xforms/geo.ts of getodk/web-forms
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/;

const radians = (text = ''): number => (NUMBER.test(text) ? (Number(text) * Math.PI) / 180 : NaN);
const hundredths = (value: number): number => Math.floor(value * 100 + 0.5) / 100;

/** All points in radians; null when a text is no point. */
function pointsOf(texts: readonly string[]): Point[] | null {
  const parts = texts.flatMap(text => text.split(';')).map(part => part.trim());
  const points = parts
    .filter(part => part !== '')
    .map((part): Point => {
      const [latitude, longitude] = part.split(/\s+/);
      return [radians(latitude), radians(longitude)];
    });
  return points.flat().some(Number.isNaN) ? null : points;
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
