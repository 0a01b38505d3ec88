import { mul, square } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { meanErrorLoss } from './value-loss.js';
import type { ErrorOf } from './value-loss.js';

/** `d²` and `2 d`. */
export const squaredError: ErrorOf = (difference) => ({
  error: square(difference),
  slope: mul(difference, 2),
});

/**
 * Mean squared error over the last axis: `1/N sum (s - t)²`.
 *
 * The gradient flows only to the student.
 *
 * @param targets t, the values to reach, a teacher's or the true ones: float32 `[B, ..., N]`
 * @param studentValues s, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example or position; the reduction is the caller's
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { squaredErrorLoss } from '@kd/regression-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = squaredErrorLoss(tensor2d([[1, 2], [0, 0]]), tensor2d([[1, 5], [-1, 1]]));
 * console.log(await loss.array());
 * // [ 4.5, 1 ]
 * ```
 */
export function squaredErrorLoss(targets: Tensor, studentValues: Tensor): Tensor {
  return meanErrorLoss('squaredErrorLoss', targets, studentValues, squaredError);
}
