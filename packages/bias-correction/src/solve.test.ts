import { expectClose } from '@kd/testing';
import { expect, it } from 'vitest';
import { solve } from './solve.js';

it('solves a system with a known solution', () => {
  // [[4, 2, 0], [2, 5, 3], [0, 3, 6]] [1, -2, 3]
  const matrix = Float64Array.from([4, 2, 0, 2, 5, 3, 0, 3, 6]);
  expectClose(solve(matrix, [0, 1, 12]) ?? [], [1, -2, 3], { relative: 1e-12, absolute: 0 });
  expect(Array.from(matrix)).toEqual([4, 2, 0, 2, 5, 3, 0, 3, 6]);
});

it.each([
  ['singular', [1, 1, 1, 1]],
  ['indefinite', [1, 2, 2, 1]],
  ['zero', [0, 0, 0, 0]],
  ['not a number', [NaN, 0, 0, 1]],
])('returns undefined for a matrix that is %s', (_name, matrix) => {
  expect(solve(Float64Array.from(matrix), [1, 2])).toBeUndefined();
});
