import { abs, div, max, maximum, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { offTape } from './gradients.js';

// A vector whose values are all below this shrinks towards zero with them. If it kept length 1, its gradient
// would grow like one over its size.
const smallest = 1e-6;
// With its largest value scaled to 1, a vector has at least length 1. One half leaves room for a GPU's
// rounding.
const shortest = 0.5;

/**
 * Vectors of length 1 along an axis, `x / ||x||`. A vector of zeros stays zero and has no gradient; one whose
 * values are all below 1e-6 is shorter than 1.
 *
 * @param x float32, any finite values
 * @param axis the axis of the vectors' elements
 * @returns float32 of the same shape
 *
 * @example
 * ```ts
 * import { unitVectors } from '@kd/core';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const rows = await unitVectors(tensor2d([3, -4, 0, 0], [2, 2]), 1).data();
 * console.log(Array.from(rows, (x) => x.toFixed(1)).join(' '));
 * // 0.6 -0.8 0.0 0.0
 * ```
 */
export function unitVectors(x: Tensor, axis: number): Tensor {
  return tidy(() => {
    // Scaled first, so that squares neither overflow nor vanish. The quotient does not depend on the scale,
    // which may therefore count as a constant.
    const scaled = div(
      x,
      offTape(() => maximum(max(abs(x), axis, true), smallest)),
    );
    return div(scaled, sqrt(maximum(sum(square(scaled), axis, true), shortest ** 2)));
  });
}
