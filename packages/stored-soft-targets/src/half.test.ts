import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { halfBits, halfValues, roundToHalf } from './half.js';

/** The nearest finite float16 by search among all of them, ties to the even one. */
function nearest(value: number): number {
  let best = 0;
  for (let half = 0; half < 0x7c00; half++) {
    const [distance, least] = [half, best].map((each) =>
      Math.abs(Math.abs(value) - (halfValues[each] as number)),
    );
    if ((distance as number) < (least as number)) best = half;
    else if (distance === least && half % 2 === 0) best = half;
  }
  return best | (value < 0 || Object.is(value, -0) ? 0x8000 : 0);
}

describe('float16', () => {
  it('has the values of IEEE 754', () => {
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x7c00];
    const values = bits.map((half) => halfValues[half]);
    expect(values).toEqual([1, -2, 65504, 2 ** -14, 2 ** -24, Math.fround(0.333251953125), Infinity]);
  });

  it('is recovered from each of its values', () => {
    for (let half = 0; half < 0x10000; half++) {
      const value = halfValues[half] as number;
      if (!Number.isNaN(value)) expect(halfBits(value)).toBe(half);
    }
    expect(Number.isNaN(halfValues[halfBits(NaN)])).toBe(true);
  });

  it('is the nearest float16 to any number', () => {
    const values = fc.oneof(
      fc.float({ min: -65504, max: 65504, noNaN: true }),
      fc.float({ min: Math.fround(-1e-4), max: Math.fround(1e-4), noNaN: true }),
    );
    fc.assert(
      fc.property(values, (value) => {
        expect(halfBits(value)).toBe(nearest(value));
      }),
      { numRuns: 60 },
    );
  });

  it('rounds halves to even, and what is too large to infinity', () => {
    const values = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      65519,
      65520,
      -1e9,
      2 ** -25,
      3 * 2 ** -25,
    );
    roundToHalf(values, 0, values.length);
    expect([...values]).toEqual([1, 1 + 2 ** -9, 65504, Infinity, -Infinity, 0, 2 ** -23]);
  });

  it('rounds only the given range', () => {
    const values = Float32Array.of(0.1, 0.1, 0.1);
    roundToHalf(values, 1, 2);
    expect([...values]).toEqual([Math.fround(0.1), 0.0999755859375, Math.fround(0.1)]);
  });
});
