import { add, exp, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent, numberIn, optionsOf } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { klDivergence, throughSoftmax } from './divergence.js';
import { logMixture } from './log-mixture.js';
import { lossOfStudent } from './loss-of-student.js';
import { softTargetOptions, withFactor } from './soft-target-options.js';
import type { SoftTargetOptions, SoftTargetSettings } from './soft-target-options.js';

/** Options of `jensenShannonLoss`. */
export interface JensenShannonOptions extends SoftTargetOptions {
  /** The teacher's share of the mixture, strictly between 0 and 1; default 0.5. */
  readonly beta?: number;
}

export const jensenShannonOptions: Options<
  JensenShannonOptions,
  FieldsOf<JensenShannonOptions, 'scaleByTemperatureSquared' | 'beta'>
> = optionsOf<JensenShannonOptions>()({
  ...softTargetOptions.fields,
  beta: numberIn(
    'a number strictly between 0 and 1',
    (x) => x > 0 && x < 1,
    'Use softTargetLoss for β = 0 and reverseSoftTargetLoss for β = 1.',
  ).default(0.5),
});

/**
 * The generalised Jensen-Shannon divergence, bounded where both KL divergences are not:
 * `T² (β KL(p || m) + (1-β) KL(q || m))` with `m = β p + (1-β) q`.
 *
 * It is zero at both ends of β; divided by β or 1-β, it tends to `softTargetLoss` and `reverseSoftTargetLoss`
 * there (Agarwal et al. 2024, generalised knowledge distillation, eq. 1).
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value in [0, T² log 2] per example
 * @throws `KD_OPTION_RANGE` for β outside (0, 1), and what `softTargetLoss` throws
 *
 * @example
 * ```ts
 * import { jensenShannonLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = jensenShannonLoss(tensor2d([[1000, 0]]), tensor2d([[0, 1000]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4), Math.log(2).toFixed(4));
 * // 0.6931 0.6931
 * ```
 */
export function jensenShannonLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: JensenShannonOptions,
): Tensor {
  const where = 'jensenShannonLoss';
  const { beta, ...soft } = jensenShannonOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return jensenShannonLossOf(teacherLogits, studentLogits, withFactor(soft), beta);
}

/** `jensenShannonLoss` of checked arguments. */
export function jensenShannonLossOf(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  { temperature, factor, slope }: SoftTargetSettings,
  beta: number,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const logQ = logSoftmaxAtTemperature(logits, temperature);
    const logP = logSoftmaxAtTemperature(teacherLogits, temperature);
    const logM = logMixture(logP, logQ, beta);
    const teacherSide = mul(klDivergence(logP, logM), beta);
    const studentSide = mul(klDivergence(logQ, logM), 1 - beta);
    return {
      value: mul(add(teacherSide, studentSide), factor()),
      gradient: mul(mul(throughSoftmax(exp(logQ), sub(logQ, logM)), 1 - beta), slope()),
    };
  });
}
