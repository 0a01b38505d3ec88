import { expect, it } from 'vitest';
import { softened } from './softened.js';

it('softens logits, however large, by hand-worked numbers', () => {
  // exp(ln 9 / 2) = 3, so 3 : 1.
  expect(softened([Math.log(9), 0], 2)).toEqual([expect.closeTo(0.75, 12), expect.closeTo(0.25, 12)]);
  expect(softened(Float32Array.of(2e4, 1e4), 1)).toEqual([1, 0]);
  expect(softened([-1e4, -1e4], 1)).toEqual([0.5, 0.5]);
});
