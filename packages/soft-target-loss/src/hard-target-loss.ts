import {
  add,
  any,
  cast,
  equal,
  exp,
  fill,
  mean,
  mul,
  neg,
  range,
  reshape,
  sub,
  sum,
  where as select,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  checkClassIds,
  checkClassTensor,
  checkShape,
  checkTeacherAndStudent,
  fraction,
  optionsOf,
} from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { fusedLoss, lossOfStudent } from './loss-of-student.js';
import type { ValueAndGradient } from './loss-of-student.js';

/** Options of the hard-target losses. */
export interface HardTargetOptions {
  /** Share of the label spread evenly over all classes, in [0, 1]; default 0 (Szegedy et al. 2016). */
  readonly labelSmoothing?: number;
}

export const hardTargetOptions: Options<
  HardTargetOptions,
  FieldsOf<HardTargetOptions, 'labelSmoothing'>
> = optionsOf<HardTargetOptions>()({ labelSmoothing: fraction.default(0) });

/**
 * Cross-entropy with class ids at T = 1: `-(1-ε) log q_y - ε/N sum_i log q_i`, `q = softmax(z)`.
 *
 * Exact at the extremes: nothing is clipped, and a row at q_y = 0.99995 keeps all its digits. Nothing can be
 * read back inside a step, so a label that names no class (out of range, not whole) makes its row NaN, with a
 * gradient of zero. The trainer and the terms check labels beforehand.
 *
 * @param labels class ids, `[B, ...]` or `[B, ..., 1]`, int32 or float32, whole numbers from 0 to N-1
 * @param studentLogits z, float32 `[B, ..., N]`, N >= 2
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE` if labels and logits do not match, `KD_OPTION_RANGE` for ε outside [0, 1],
 *   `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { hardTargetLoss } from '@kd/soft-target-loss';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const logits = tensor2d([[10, 0, -5], [10, 0, -5]]);
 * const loss = hardTargetLoss(tensor1d([0, 2], 'int32'), logits);
 * console.log(Array.from(await loss.data(), (x) => x.toPrecision(5)).join(' '));
 * // 0.000045705 15.000
 * ```
 */
export function hardTargetLoss(
  labels: Tensor,
  studentLogits: Tensor,
  options: HardTargetOptions = {},
): Tensor {
  const where = 'hardTargetLoss';
  const { labelSmoothing } = hardTargetOptions.read(where, options);
  checkClassTensor(where, 'studentLogits', studentLogits, 2);
  checkLabels(where, 'labels', labels, studentLogits);
  return lossOfStudent(studentLogits, (logits) => {
    const inputs = { labels, studentLogits: logits };
    const fused = fusedLoss('HardTargetLoss', inputs, { hardFactor: 1, labelSmoothing });
    return fused ?? labelCrossEntropy(labels, logits, labelSmoothing);
  });
}

/** Throws unless there is one class id for each row of the logits, whose shape is already checked. */
export function checkLabels(where: string, argument: string, labels: Tensor, studentLogits: Tensor): void {
  checkClassIds(where, argument, labels);
  const examples = studentLogits.shape.slice(0, -1);
  checkShape(where, argument, labels, labels.rank === studentLogits.rank ? [...examples, 1] : examples);
}

/** Cross-entropy with class ids, and its gradient. */
export function labelCrossEntropy(labels: Tensor, logits: Tensor, labelSmoothing: number): ValueAndGradient {
  const [examples, classes] = [logits.shape.slice(0, -1), logits.shape.at(-1) ?? 0];
  const ids = cast(reshape(labels, [...examples, 1]), 'float32');
  const isLabel = equal(ids, range(0, classes, 1, 'float32'));
  const { value, gradient } = crossEntropy(cast(isLabel, 'float32'), logits, labelSmoothing);
  return { value: select(any(isLabel, -1), value, fill(examples, NaN)), gradient };
}

/**
 * Cross-entropy with one-hot labels or any distribution over the classes at T = 1: `-sum t log q` with
 * `t = (1-ε) labels + ε/N`, `q = softmax(z)`.
 *
 * @param labels float32 `[B, ..., N]`, N >= 2, rows summing to one
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws `KD_CLASSES_MISMATCH`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`,
 *   `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { hardTargetLossFromDistributions } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = hardTargetLossFromDistributions(tensor2d([[0, 1]]), tensor2d([[0, 0]]));
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 0.6931
 * ```
 */
export function hardTargetLossFromDistributions(
  labels: Tensor,
  studentLogits: Tensor,
  options: HardTargetOptions = {},
): Tensor {
  const where = 'hardTargetLossFromDistributions';
  const { labelSmoothing } = hardTargetOptions.read(where, options);
  checkTeacherAndStudent(where, 'labels', labels, 'studentLogits', studentLogits, 2);
  return lossOfStudent(studentLogits, (logits) => crossEntropy(labels, logits, labelSmoothing));
}

function crossEntropy(labels: Tensor, logits: Tensor, labelSmoothing: number): ValueAndGradient {
  const logQ = logSoftmaxAtTemperature(logits, 1);
  const targets =
    labelSmoothing === 0
      ? labels
      : add(mul(labels, 1 - labelSmoothing), mul(mean(labels, -1, true), labelSmoothing));
  return {
    value: neg(sum(mul(targets, logQ), -1)),
    gradient: sub(mul(sum(targets, -1, true), exp(logQ)), targets),
  };
}
