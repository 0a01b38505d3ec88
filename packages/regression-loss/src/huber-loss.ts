import { optionsOf, positive } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { clipByValue, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { meanErrorLoss } from './value-loss.js';
import type { ErrorOf } from './value-loss.js';

/** Options of `huberLoss`. */
export interface HuberLossOptions {
  /** Where the loss turns from a square into a line, δ, in the unit of the values, > 0; default 1. */
  readonly delta?: number;
}

export const huberLossOptions: Options<
  HuberLossOptions,
  FieldsOf<HuberLossOptions, 'delta'>
> = optionsOf<HuberLossOptions>()({ delta: positive.default(1) });

// With c = d clipped to ±δ, both branches are c (d - c/2), and c is the slope.
function huberError(delta: number): ErrorOf {
  return (difference) => {
    const slope = clipByValue(difference, -delta, delta);
    return { error: mul(slope, sub(difference, mul(slope, 0.5))), slope };
  };
}

/**
 * Mean Huber loss over the last axis: `1/N sum h(s - t)`, `h(d) = d² / 2` for `|d| <= δ`, else
 * `δ (|d| - δ / 2)`.
 *
 * A square for small errors and a line for outliers, scaled as PyTorch's `huber_loss`. With δ = 1 it is the
 * smooth L1 loss of box regression. The gradient flows only to the student (Huber 1964).
 *
 * @param targets t, the values to reach, a teacher's or the true ones: float32 `[B, ..., N]`
 * @param studentValues s, float32 of the same shape
 * @param options δ
 * @returns float32 `[B, ...]`, one value >= 0 per example or position; the reduction is the caller's
 * @throws `KD_OPTION_RANGE` unless δ is finite and > 0; `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`,
 *   `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { huberLoss } from '@kd/regression-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [targets, student] = [tensor2d([[1, 2], [0, 0]]), tensor2d([[1, 5], [-1, 1]])];
 * for (const delta of [1, 2]) console.log(await huberLoss(targets, student, { delta }).array());
 * // [ 1.25, 0.5 ]
 * // [ 2, 0.5 ]
 * ```
 */
export function huberLoss(targets: Tensor, studentValues: Tensor, options: HuberLossOptions = {}): Tensor {
  const where = 'huberLoss';
  const { delta } = huberLossOptions.read(where, options);
  return meanErrorLoss(where, targets, studentValues, huberError(delta));
}
