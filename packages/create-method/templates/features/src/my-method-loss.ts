import { checkFeaturePair, checkShape, optionsOf, positive, rowsOfFeatures } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { add, div, mean, mul, reshape, sqrt, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Options of `myMethodLoss`. */
export interface MyMethodLossOptions {
  /** Difference δ from which on the loss grows linearly, > 0; default 1. */
  readonly delta?: number;
}

export const lossOptions: Options<
  MyMethodLossOptions,
  FieldsOf<MyMethodLossOptions, 'delta'>
> = optionsOf<MyMethodLossOptions>()({ delta: positive.default(1) });

/**
 * The pseudo-Huber distance: the mean of `δ² (√(1 + (s − t)² / δ²) − 1)` over the features of an example.
 *
 * @param teacherFeatures float32 `[B, ..., D]`
 * @param studentFeatures float32 of the same shape
 * @param options δ
 * @returns float32 `[B]`, one value >= 0 for each example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 */
export function myMethodLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: MyMethodLossOptions = {},
): Tensor {
  const where = 'myMethodLoss';
  const { delta } = lossOptions.read(where, options);
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  checkShape(where, 'studentFeatures', studentFeatures, teacherFeatures.shape);
  return tidy(() => {
    const difference = reshape(sub(studentFeatures, teacherFeatures), [studentFeatures.shape[0], -1]);
    const x = square(div(difference, delta));
    // √(1 + x) − 1 loses its digits where x is small; this is the same, without a difference.
    return mul(mean(div(x, add(sqrt(add(x, 1)), 1)), 1), delta ** 2);
  });
}
