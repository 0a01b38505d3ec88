import { exp, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { klDivergence, throughSoftmax } from './divergence.js';
import { lossOfStudent } from './loss-of-student.js';
import { readSoftTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions, SoftTargetSettings } from './soft-target-options.js';

/**
 * The divergence with its sides exchanged: `T² KL(q || p)`, `p = softmax(v / T)`, `q = softmax(z / T)`.
 *
 * It penalises a student for mass where the teacher has none, so a small student keeps to the teacher's main
 * modes (Gu et al. 2024, MiniLLM). A class with teacher probability zero makes it very large.
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws as `softTargetLoss`
 *
 * @example
 * ```ts
 * import { reverseSoftTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = reverseSoftTargetLoss(tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.5740
 * ```
 */
export function reverseSoftTargetLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'reverseSoftTargetLoss';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return reverseSoftTargetLossOf(teacherLogits, studentLogits, settings);
}

/** `reverseSoftTargetLoss` of checked arguments. */
export function reverseSoftTargetLossOf(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  { temperature, factor, slope }: SoftTargetSettings,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const logQ = logSoftmaxAtTemperature(logits, temperature);
    const logP = logSoftmaxAtTemperature(teacherLogits, temperature);
    return {
      value: mul(klDivergence(logQ, logP), factor()),
      gradient: mul(throughSoftmax(exp(logQ), sub(logQ, logP)), slope()),
    };
  });
}
