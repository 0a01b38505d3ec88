import { abs, add, exp, log1p, maximum, mul, neg, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent, describeValue, KdError } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { klDivergence, throughSoftmax } from './divergence.js';
import { lossOfStudent } from './loss-of-student.js';
import { readSoftTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions } from './soft-target-options.js';

/** Options of `jensenShannonLoss`. */
export interface JensenShannonOptions extends SoftTargetOptions {
  /** Share of the teacher in the mixture, strictly between 0 and 1; default 0.5. */
  readonly beta?: number;
}

/**
 * The generalised Jensen-Shannon divergence, bounded where both KL forms are not:
 * `T² (β KL(p || m) + (1-β) KL(q || m))` with `m = β p + (1-β) q`.
 *
 * It is zero at both ends of β; `softTargetLoss` and `reverseSoftTargetLoss` are its limits after division by β or 1-β
 * (Agarwal et al. 2024, generalised knowledge distillation, eq. 1).
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value in [0, T² log 2] per example
 * @throws `KD_OPTION_RANGE` for β outside (0, 1), and as `softTargetLoss`
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
  const { temperature, factor } = readSoftTargetOptions(where, options, ['beta']);
  const { beta = 0.5 } = options;
  checkBeta(where, beta);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return lossOfStudent(studentLogits, (logits) => {
    const logQ = logSoftmaxAtTemperature(logits, temperature);
    const logP = logSoftmaxAtTemperature(teacherLogits, temperature);
    const logM = logAddExp(add(logP, Math.log(beta)), add(logQ, Math.log1p(-beta)));
    const teacherSide = mul(klDivergence(logP, logM), beta);
    const studentSide = mul(klDivergence(logQ, logM), 1 - beta);
    return {
      value: mul(add(teacherSide, studentSide), factor),
      gradient: mul(throughSoftmax(exp(logQ), sub(logQ, logM)), ((1 - beta) * factor) / temperature),
    };
  });
}

function logAddExp(a: Tensor, b: Tensor): Tensor {
  return add(maximum(a, b), log1p(exp(neg(abs(sub(a, b))))));
}

/** Throws unless β lies strictly between 0 and 1. */
export function checkBeta(where: string, beta: unknown): asserts beta is number {
  if (typeof beta === 'number' && beta > 0 && beta < 1) return;
  throw new KdError({
    code: typeof beta === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
    where,
    argument: 'options.beta',
    expected: 'a number strictly between 0 and 1',
    received: describeValue(beta),
    remedy: 'Use softTargetLoss for β = 0 and reverseSoftTargetLoss for β = 1.',
  });
}
