import { stack, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent } from '@kd/core';
import { hardTargetLossFromDistributions } from './hard-target-loss.js';
import { presentAndAbsent } from './sigmoid-soft-target-loss.js';

/**
 * Cross-entropy with independent labels at T = 1: `-sum_labels [y log q + (1-y) log(1-q)]`, `q = sigmoid(z)`.
 *
 * @param labels y, float32 `[B, ..., N]`, N >= 1, in [0, 1]
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example, summed over the labels
 * @throws `KD_CLASSES_MISMATCH`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { sigmoidHardTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = sigmoidHardTargetLoss(tensor2d([[1, 0, 1]]), tensor2d([[0, 0, 0]]));
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 2.0794
 * ```
 */
export function sigmoidHardTargetLoss(labels: Tensor, studentLogits: Tensor): Tensor {
  checkTeacherAndStudent('sigmoidHardTargetLoss', 'labels', labels, 'studentLogits', studentLogits, 1);
  return tidy(() => {
    const distributions = stack([labels, sub(1, labels)], -1);
    return sum(hardTargetLossFromDistributions(distributions, presentAndAbsent(studentLogits)), -1);
  });
}
