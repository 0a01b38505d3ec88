import { expect, it } from 'vitest';
import { relativeDifferences, weightsDifference } from './difference.js';

it('relates the difference of each loss to the loss it is compared with', () => {
  // |1.5 - 2| / 2, and |1 + 4| / 4: a loss may be negative where a peer has another formula.
  expect(relativeDifferences([1.5, 1], [2, -4])).toEqual([0.25, 1.25]);
});

it('is NaN where there is nothing to compare with', () => {
  expect(relativeDifferences([1, 1], [1])).toEqual([0, NaN]);
  expect(weightsDifference(Float32Array.of(1, 2), Float32Array.of(1))).toBeNaN();
  expect(weightsDifference(Float32Array.of(1), Float32Array.of(1, 2))).toBeNaN();
});

it('relates the norm of the difference of weights to the norm of the others', () => {
  // ||(0, 3, 4)|| / ||(6, 0, 8)|| = 5 / 10.
  expect(weightsDifference(Float32Array.of(6, 3, 4), Float32Array.of(6, 0, 8))).toBe(0.5);
});
