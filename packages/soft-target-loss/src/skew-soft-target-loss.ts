import { exp, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { klDivergence, throughSoftmax } from './divergence.js';
import { logMixture } from './log-mixture.js';
import { lossOfStudent } from './loss-of-student.js';
import { skewOptions } from './skew-options.js';
import type { SkewOptions } from './skew-options.js';
import { withFactor } from './soft-target-options.js';
import type { SoftTargetSettings } from './soft-target-options.js';

/**
 * The divergence of a mixture of both from the teacher: `T² KL(p || m)` with `m = α p + (1-α) q`,
 * `p = softmax(v / T)`, `q = softmax(z / T)`.
 *
 * A student that rules out a class of the teacher costs at most `T² log(1/α)`, while `softTargetLoss` grows
 * without limit (Ko et al. 2024, DistiLLM, skew KL). Such a class also gets hardly any gradient. As α tends
 * to 0 the loss tends to `softTargetLoss`.
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value in [0, T² log(1/α)] per example
 * @throws `KD_OPTION_RANGE` for α outside (0, 1), and what `softTargetLoss` throws
 *
 * @example
 * ```ts
 * import { skewSoftTargetLoss, softTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([[0, 0]]), tensor2d([[0, -1000]])];
 * for (const loss of [softTargetLoss, skewSoftTargetLoss])
 *   console.log((await loss(teacher, student, { temperature: 1 }).data())[0]?.toFixed(3));
 * // 499.307
 * // 0.830
 * ```
 */
export function skewSoftTargetLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SkewOptions,
): Tensor {
  const where = 'skewSoftTargetLoss';
  const { alpha, ...soft } = skewOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return skewSoftTargetLossOf(teacherLogits, studentLogits, withFactor(soft), alpha);
}

/** `skewSoftTargetLoss` of checked arguments. */
export function skewSoftTargetLossOf(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  { temperature, factor, slope }: SoftTargetSettings,
  alpha: number,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const logQ = logSoftmaxAtTemperature(logits, temperature);
    const logP = logSoftmaxAtTemperature(teacherLogits, temperature);
    const logM = logMixture(logP, logQ, alpha);
    // p/m is at most 1/α: finite where q vanishes.
    const ratio = exp(sub(logP, logM));
    return {
      value: mul(klDivergence(logP, logM), factor()),
      gradient: mul(mul(throughSoftmax(exp(logQ), ratio), alpha - 1), slope()),
    };
  });
}
