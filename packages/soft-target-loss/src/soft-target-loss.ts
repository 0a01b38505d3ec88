import { exp, maximum, mul, neg, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTeacherAndStudent } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { impossible, klDivergence } from './divergence.js';
import { fusedLoss, lossOfStudent } from './loss-of-student.js';
import type { ValueAndGradient } from './loss-of-student.js';
import { readSoftTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions, SoftTargetSettings } from './soft-target-options.js';

/**
 * Divergence of the student from the teacher's soft targets: `T² KL(p || q)` with `p = softmax(v / T)`,
 * `q = softmax(z / T)`.
 *
 * Zero for equal distributions. The gradient with respect to z is `T (q - p)`; none flows to the teacher. As
 * T grows the loss tends to `logitMatchingLoss` (Hinton, Vinyals, Dean 2015, section 2).
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2, any finite values
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example; the caller reduces it
 * @throws `KD_OPTION_RANGE` for T <= 0 or not finite, `KD_CLASSES_MISMATCH`, `KD_TENSOR_SHAPE`,
 *   `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { softTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const teacher = tensor2d([[1, 2, 3]]);
 * const student = tensor2d([[3, 1, 0.5]]);
 * const loss = softTargetLoss(teacher, student, { temperature: 4 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.7409
 * ```
 */
export function softTargetLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'softTargetLoss';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return softTargetLossOf(teacherLogits, studentLogits, settings);
}

/** `softTargetLoss` of checked arguments. */
export function softTargetLossOf(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  settings: SoftTargetSettings,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const { temperature, factor: softFactor } = settings;
    const inputs = { teacherLogits, studentLogits: logits };
    const fused = fusedLoss('SoftTargetLoss', inputs, { temperature, softFactor: softFactor() });
    return fused ?? softTargetDivergence(teacherLogits, logits, settings);
  });
}

/**
 * `softTargetLoss` for precomputed soft targets, given as logarithms of probabilities at temperature T:
 * `T² KL(exp(logTargets) || softmax(z / T))`.
 *
 * For targets mixed from several teachers, or stored. Only the student is divided by T.
 *
 * @param logTargets float32 `[B, ..., N]`, N >= 2, each row the logarithm of a distribution; -Infinity, the
 *   logarithm of zero, is legal
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws as `softTargetLoss`
 *
 * @example
 * ```ts
 * import { softTargetLossFromLogTargets } from '@kd/soft-target-loss';
 * import { log, tensor2d } from '@tensorflow/tfjs-core';
 * const targets = log(tensor2d([[0.25, 0.75]]));
 * const loss = softTargetLossFromLogTargets(targets, tensor2d([[0, 0]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 0.1308
 * ```
 */
export function softTargetLossFromLogTargets(
  logTargets: Tensor,
  studentLogits: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'softTargetLossFromLogTargets';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(where, 'logTargets', logTargets, 'studentLogits', studentLogits, 2);
  return lossOfStudent(studentLogits, (logits) => divergence(logTargets, logits, settings));
}

/** `factor KL(p || q)` between softmaxes at T, and its gradient. */
export function softTargetDivergence(
  teacherLogits: Tensor,
  logits: Tensor,
  settings: SoftTargetSettings,
): ValueAndGradient {
  return divergence(logSoftmaxAtTemperature(teacherLogits, settings.temperature), logits, settings);
}

function divergence(
  logTargets: Tensor,
  logits: Tensor,
  { temperature, factor, slope }: SoftTargetSettings,
): ValueAndGradient {
  const logQ = logSoftmaxAtTemperature(logits, temperature);
  const logP = maximum(logTargets, impossible);
  return {
    value: mul(klDivergence(logP, logQ), factor()),
    gradient: mul(sub(exp(logQ), exp(logP)), slope()),
  };
}

/**
 * The cross-entropy form of `softTargetLoss`: `T² H(p, q) = -T² sum p log q`.
 *
 * It is larger than the divergence by the teacher's entropy, a constant, and has the same gradients. It is
 * zero at equality only for one-hot targets (Hinton, Vinyals, Dean 2015, eq. 2).
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws as `softTargetLoss`
 *
 * @example
 * ```ts
 * import { softTargetCrossEntropy } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = softTargetCrossEntropy(tensor2d([[0, 0]]), tensor2d([[1, 1]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 0.6931
 * ```
 */
export function softTargetCrossEntropy(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'softTargetCrossEntropy';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return softTargetCrossEntropyOf(teacherLogits, studentLogits, settings);
}

/** `softTargetCrossEntropy` of checked arguments. */
export function softTargetCrossEntropyOf(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  { temperature, factor, slope }: SoftTargetSettings,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const logQ = logSoftmaxAtTemperature(logits, temperature);
    const p = exp(logSoftmaxAtTemperature(teacherLogits, temperature));
    return {
      value: mul(neg(sum(mul(p, logQ), -1)), factor()),
      gradient: mul(sub(exp(logQ), p), slope()),
    };
  });
}
