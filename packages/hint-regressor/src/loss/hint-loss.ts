import { mul, square, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor } from '@kd/core';
import { axesOfExample, lossOfStudentHint } from './loss-of-student-hint.js';
import { factorOf } from './reduction.js';
import type { HintLossOptions } from './reduction.js';

/**
 * Distance between the regressed guided layer r and the hint u: `1/2 ||u - r||²`, summed over the hint's
 * elements (reduction "paper"), or the mean of `(u - r)²` over them ("mean").
 *
 * For a hint with n elements, "paper" is n/2 times "mean". Zero at equality; no gradient flows to the
 * teacher. Romero et al. 2015, eq. 3.
 *
 * @param teacherHint u, float32 `[B, ...]`, rank 2 or more, any finite values
 * @param studentHint r, float32 of the same shape; nothing is broadcast
 * @param options the reduction; default "paper"
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`,
 *   `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { hintLoss } from '@kd/hint-regressor';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const hint = tensor2d([[1, 2, 3, 4]]);
 * const regressed = tensor2d([[1, 2, 3, 2]]);
 * console.log(await hintLoss(hint, regressed).data(), await hintLoss(hint, regressed, { reduction: 'mean' }).data());
 * // Float32Array(1) [ 2 ] Float32Array(1) [ 1 ]
 * ```
 */
export function hintLoss(teacherHint: Tensor, studentHint: Tensor, options: HintLossOptions = {}): Tensor {
  const where = 'hintLoss';
  checkTensor(where, 'studentHint', studentHint);
  const factor = factorOf(where, options, studentHint, 0.5);
  return lossOfStudentHint(where, teacherHint, studentHint, (student) => {
    const difference = sub(student, teacherHint);
    return {
      value: mul(sum(square(difference), axesOfExample(difference)), factor),
      gradient: mul(difference, 2 * factor),
    };
  });
}
