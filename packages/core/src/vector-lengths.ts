import { div, maximum, mul, reshape, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './gradients.js';

// Below this, squares vanish in float32, and a quotient by their root could be longer than 1.
const shortest = 1e-18;

/**
 * Lengths of vectors along axes, `||x|| = sqrt(sum x²)`, with the gradient 0 for a vector of zeros, where
 * that of tfjs's root is 0 / 0.
 *
 * @param x float32; values beyond 1e19 have infinite squares
 * @param axes the axis, or axes, of the vectors' elements
 * @returns float32 without these axes
 *
 * @example
 * ```ts
 * import { vectorLengths } from '@kd/core';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * console.log(await vectorLengths(tensor2d([3, -4, 0, 0], [2, 2]), 1).array());
 * // [ 5, 0 ]
 * ```
 */
export function vectorLengths(x: Tensor, axes: number | number[]): Tensor {
  return withGradient(x, (vectors) => {
    const lengths = sqrt(sum(square(vectors), axes, true));
    const unit = div(vectors, maximum(lengths, shortest));
    const value = reshape(lengths, sum(vectors, axes).shape);
    return { value, saved: [unit], gradient: (dy, along) => mul(reshape(dy, lengths.shape), along) };
  });
}
