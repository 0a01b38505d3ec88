import { div, mean, square, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent } from '@kd/core';
import { lossOfStudent } from './loss-of-student.js';

/**
 * The limit of `softTargetLoss` as T grows: `1/(2N) sum ((z - mean z) - (v - mean v))²`.
 *
 * Logits are compared up to a constant, which softmax ignores (Hinton, Vinyals, Dean 2015, section 2.1; Ba
 * and Caruana 2014).
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws `KD_CLASSES_MISMATCH`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { logitMatchingLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = logitMatchingLoss(tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]]));
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.7500
 * ```
 */
export function logitMatchingLoss(teacherLogits: Tensor, studentLogits: Tensor): Tensor {
  const where = 'logitMatchingLoss';
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  const classes = studentLogits.shape.at(-1) ?? 1;
  return lossOfStudent(studentLogits, (logits) => {
    const difference = sub(logits, teacherLogits);
    const centred = sub(difference, mean(difference, -1, true));
    return { value: div(sum(square(centred), -1), 2 * classes), gradient: div(centred, classes) };
  });
}
