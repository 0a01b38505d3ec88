import { signOf } from '@kd/core';
import { abs } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { meanErrorLoss } from './value-loss.js';
import type { ErrorOf } from './value-loss.js';

// tfjs differentiates |d| to -1 at 0, so that values which fit would still be pushed.
const absoluteError: ErrorOf = (difference) => ({ error: abs(difference), slope: signOf(difference) });

/**
 * Mean absolute error over the last axis: `1/N sum |s - t|`.
 *
 * Outliers pull no harder than small errors. The slope is 0 where student and target are equal, as in
 * PyTorch. The gradient flows only to the student.
 *
 * @param targets t, the values to reach, a teacher's or the true ones: float32 `[B, ..., N]`
 * @param studentValues s, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example or position; the reduction is the caller's
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { absoluteErrorLoss } from '@kd/regression-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = absoluteErrorLoss(tensor2d([[1, 2], [0, 0]]), tensor2d([[1, 5], [-1, 1]]));
 * console.log(await loss.array());
 * // [ 1.5, 1 ]
 * ```
 */
export function absoluteErrorLoss(targets: Tensor, studentValues: Tensor): Tensor {
  return meanErrorLoss('absoluteErrorLoss', targets, studentValues, absoluteError);
}
