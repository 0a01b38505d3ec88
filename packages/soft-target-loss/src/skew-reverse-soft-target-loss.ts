import { exp, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { klDivergence, throughSoftmax } from './divergence.js';
import { logMixture } from './log-mixture.js';
import { lossOfStudent } from './loss-of-student.js';
import { skewReverseOptions } from './skew-options.js';
import type { SkewOptions } from './skew-options.js';
import { withFactor } from './soft-target-options.js';
import type { SoftTargetSettings } from './soft-target-options.js';

/**
 * The divergence of a mixture of both from the student: `T² KL(q || m)` with `m = (1-α) p + α q`,
 * `p = softmax(v / T)`, `q = softmax(z / T)`.
 *
 * Mass where the teacher has none costs at most `T² log(1/α)`, while `reverseSoftTargetLoss` grows without
 * limit (Ko et al. 2024, DistiLLM, skew reverse KL). As α tends to 0 the loss tends to
 * `reverseSoftTargetLoss`.
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value in [0, T² log(1/α)] per example
 * @throws `KD_OPTION_RANGE` for α outside (0, 1), and what `softTargetLoss` throws
 *
 * @example
 * ```ts
 * import { reverseSoftTargetLoss, skewReverseSoftTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([[0, -1000]]), tensor2d([[0, 0]])];
 * for (const loss of [reverseSoftTargetLoss, skewReverseSoftTargetLoss])
 *   console.log((await loss(teacher, student, { temperature: 1 }).data())[0]?.toFixed(3));
 * // 499.307
 * // 0.830
 * ```
 */
export function skewReverseSoftTargetLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SkewOptions,
): Tensor {
  const where = 'skewReverseSoftTargetLoss';
  const { alpha, ...soft } = skewReverseOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return skewReverseSoftTargetLossOf(teacherLogits, studentLogits, withFactor(soft), alpha);
}

/** `skewReverseSoftTargetLoss` of checked arguments. */
export function skewReverseSoftTargetLossOf(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  { temperature, factor, slope }: SoftTargetSettings,
  alpha: number,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const logQ = logSoftmaxAtTemperature(logits, temperature);
    const logP = logSoftmaxAtTemperature(teacherLogits, temperature);
    const logM = logMixture(logQ, logP, alpha);
    const logRatio = sub(logQ, logM);
    return {
      value: mul(klDivergence(logQ, logM), factor()),
      gradient: mul(throughSoftmax(exp(logQ), sub(logRatio, mul(exp(logRatio), alpha))), slope()),
    };
  });
}
