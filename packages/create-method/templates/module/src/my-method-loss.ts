import { checkFeaturePair, checkShape, rowsOfFeatures } from '@kd/core';
import { mean, reshape, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The squared distance: the mean of `(s − t)²` over the features of an example.
 *
 * @param teacherFeatures float32 `[B, ..., D]`
 * @param studentFeatures float32 of the same shape, projected
 * @returns float32 `[B]`, one value >= 0 for each example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 */
export function myMethodLoss(teacherFeatures: Tensor, studentFeatures: Tensor): Tensor {
  const where = 'myMethodLoss';
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  checkShape(where, 'studentFeatures', studentFeatures, teacherFeatures.shape);
  return tidy(() => {
    const difference = sub(studentFeatures, teacherFeatures);
    return mean(square(reshape(difference, [studentFeatures.shape[0], -1])), 1);
  });
}
