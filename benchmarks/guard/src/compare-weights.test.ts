import { expect, it } from 'vitest';
import { compareWeights } from './compare-weights.js';
import type { Weights } from './compare-weights.js';

const weights = [
  { name: 'hidden/kernel', shape: [2, 2] },
  { name: 'hidden/bias', shape: [2] },
];
const sideOf = (...values: number[]): Weights => ({ weights, values: Float32Array.from(values) });
const there = sideOf(1, 2, 3, 4, 1e-6, 0);

it('finds the same bits equal, whatever the names of the layers', () => {
  const renamed = weights.map(({ shape }, index) => ({ name: String(index), shape }));
  expect(compareWeights({ ...there, weights: renamed }, there)).toEqual({ type: 'equal' });
  expect(compareWeights(sideOf(NaN, 2), sideOf(NaN, 2))).toEqual({ type: 'equal' });
});

it('finds the first, the greatest and the relatively greatest difference', () => {
  const here = sideOf(1, 2, 3.5, 4 + 2 ** -21, 3e-6, 0);
  expect(compareWeights(there, here)).toEqual({
    type: 'different',
    count: 3,
    of: 6,
    first: { weight: 'hidden/kernel', at: 2, there: 3, here: 3.5 },
    absolute: { weight: 'hidden/kernel', at: 2, there: 3, here: 3.5, difference: 0.5 },
    relative: {
      weight: 'hidden/bias',
      at: 0,
      there: Math.fround(1e-6),
      here: Math.fround(3e-6),
      difference: expect.closeTo(2 / 3, 6) as number,
    },
  });
});

it.each([
  ['the sign of a zero', -0, 0],
  ['a NaN', NaN, Infinity],
])('notices %s', (_, value, difference) => {
  const found = compareWeights(there, sideOf(1, 2, 3, 4, 1e-6, value));
  expect(found).toMatchObject({
    count: 1,
    first: { weight: 'hidden/bias', at: 1 },
    absolute: { difference },
  });
});

it('does not compare weights of different shapes', () => {
  const flat = [{ name: 'hidden/kernel', shape: [6] }];
  expect(compareWeights(there, { ...there, weights: flat })).toEqual({
    type: 'other shapes',
    there: '[2,2] [2]',
    here: '[6]',
  });
});
