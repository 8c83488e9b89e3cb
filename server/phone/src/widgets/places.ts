/** Positions as answers keep them, `latitude longitude altitude accuracy`, and what can be said of several. */
import { t } from '../texts/filling.ts';

const EARTH_M = 6_371_008.8; // mean radius
const MU_M2 = 10_000 / 15;

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

export function asText({ coords }: GeolocationPosition): string {
  const altitude = (coords.altitude ?? 0).toFixed(1);
  return `${coords.latitude.toFixed(6)} ${coords.longitude.toFixed(6)} ${altitude} ${coords.accuracy.toFixed(1)}`;
}

export function shownPosition(text: string): string {
  const [lat = '', lon = '', , acc = ''] = text.split(' ');
  return text === '' ? '' : t('position_is', { lat, lon, acc: acc === '' ? '?' : Math.round(Number(acc)) });
}

/** How far off a position may be, in metres; Infinity where that isn't known. */
export function accuracyOf(text: string): number {
  const accuracy = text.split(' ')[3];
  return accuracy === undefined || accuracy === '' ? Infinity : Number(accuracy);
}

/** The points of a line; a shape repeats its first point at the end, which is left out here. */
export function pointsOf(text: string, isShape: boolean): string[] {
  const points = text.split(';').map(each => each.trim());
  const said = points.filter(each => each !== '');
  return isShape && said.length > 3 && said[0] === said[said.length - 1] ? said.slice(0, -1) : said;
}

/** A line or a shape as text; a shape of three corners or more is closed. */
export function lineText(points: readonly string[], isShape: boolean): string {
  const [first] = points;
  return isShape && first !== undefined && points.length >= 3
    ? [...points, first].join(';')
    : points.join(';');
}

export function placeOf(text: string): Place {
  const [lat = NaN, lon = NaN] = text.split(/\s+/).map(Number);
  return { lat, lon };
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export function metresBetween(a: Place, b: Place): number {
  const across = Math.sin(radians(b.lat - a.lat) / 2) ** 2;
  const along = Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  const part = across + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * along;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(part)));
}

export function lengthOf(places: readonly Place[], isClosed = false): number {
  const all = isClosed && places.length > 2 ? [...places, ...places.slice(0, 1)] : places;
  return all.slice(1).reduce((sum, place, at) => sum + metresBetween(all[at] ?? place, place), 0);
}

/** Square metres inside; on the sphere, as the sum over its edges. */
export function areaOf(places: readonly Place[]): number {
  const twice = places.reduce((sum, place, at) => {
    const next = places[(at + 1) % places.length] ?? place;
    return (
      sum + radians(next.lon - place.lon) * (2 + Math.sin(radians(place.lat)) + Math.sin(radians(next.lat)))
    );
  }, 0);
  return Math.abs((twice * EARTH_M * EARTH_M) / 2);
}

/** "12 points, 340 m", and of a shape its area, in mu as fields are measured here. */
export function shownLine(text: string, isShape: boolean): string {
  const points = pointsOf(text, isShape);
  const places = points.map(placeOf);
  const length = Math.round(lengthOf(places, isShape));
  if (!isShape || places.length < 3) return t('line_is', { n: points.length, m: length });
  const area = areaOf(places);
  return t('shape_is', {
    n: points.length,
    m: length,
    m2: Math.round(area).toLocaleString('en'),
    mu: (area / MU_M2).toFixed(2),
  });
}
