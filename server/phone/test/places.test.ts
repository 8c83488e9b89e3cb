import { describe, expect, test } from 'vitest';
import { areaOf, lengthOf, lineText, placeOf, pointsOf } from '../src/widgets/places.ts';

const HERE = '32.600000 120.300000 3.0 4.0';
const NORTH = '32.601000 120.300000 3.0 4.0';
const EAST = '32.601000 120.301000 3.0 4.0';

describe('a line of points', () => {
  test('a thousandth of a degree to the north is 111 m', () => {
    expect(lengthOf([HERE, NORTH].map(placeOf))).toBeCloseTo(111.2, 1);
  });

  test('a triangle has half the area of the rectangle around it', () => {
    const east = lengthOf([NORTH, EAST].map(placeOf));
    expect(areaOf([HERE, NORTH, EAST].map(placeOf))).toBeCloseTo((111.2 * east) / 2, -1);
  });

  test('a shape is closed from its third corner on, and read without its last', () => {
    expect(lineText([HERE, NORTH], true)).toBe(`${HERE};${NORTH}`);
    expect(lineText([HERE, NORTH, EAST], true)).toBe(`${HERE};${NORTH};${EAST};${HERE}`);
    expect(pointsOf(lineText([HERE, NORTH, EAST], true), true)).toEqual([HERE, NORTH, EAST]);
  });

  test('a line may end where it began', () => {
    expect(pointsOf(`${HERE};${NORTH};${EAST};${HERE}`, false)).toHaveLength(4);
  });
});
