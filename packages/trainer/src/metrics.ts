import {
  abs,
  argMax,
  cast,
  div,
  equal,
  expandDims,
  greater,
  mean,
  reshape,
  square,
  sub,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, conventions, KdError } from '@kd/core';
import type { Batch, Named } from '@kd/core';
import {
  hardTargetLoss,
  hardTargetLossFromDistributions,
  logitsOfOutput,
  sigmoidHardTargetLoss,
} from '@kd/soft-target-loss';
import { readMeasured, targetOf } from './measured-output.js';
import type { MeasuredOutput } from './measured-output.js';

/**
 * Measures named values, one per example, `[B]`, or for sequences one per position: the output's shape
 * without its last axis.
 *
 * The trainer averages them over all examples that count in the validation set, or over all positions that
 * `batch.mask` keeps: `sum w l / sum w`, however the set is split into batches.
 */
export type Metric = (measured: MeasuredOutput, batch: Batch) => Named;

/**
 * Cross-entropy with the true labels and accuracy, at T = 1: `loss` and `accuracy`.
 *
 * Labels are `batch.targets.labels`: class ids `[B]` or `[B, 1]`, or distributions with the output's shape.
 * With sigmoid conventions both metrics are averaged over the labels.
 *
 * @param student the student's output and its convention
 * @param batch a batch with labels
 * @returns `loss` and `accuracy`, float32 `[B]` each; for sequences one value per position
 * @throws `KD_TERM_NEEDS` without labels; `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE` for labels that do not fit the
 *   output
 *
 * @example
 * ```ts
 * import { classificationMetrics } from '@kd/trainer';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const batch = { inputs: {}, targets: { labels: tensor1d([0, 1], 'int32') } };
 * const output = tensor2d([[0, 0], [2, 1]]);
 * const { loss, accuracy } = classificationMetrics({ output, convention: 'logits' }, batch);
 * console.log(Array.from((await loss?.data()) ?? [], (x) => x.toFixed(4)).join(' '), await accuracy?.array());
 * // 0.6931 1.3133 [ 1, 0 ]
 * ```
 */
export const classificationMetrics: Metric = (measured, batch) => {
  const { output, convention, target } = readMeasured('classificationMetrics', measured);
  const labels = targetOf('classificationMetrics', target, batch);
  if (convention === 'values') {
    throw new KdError({
      code: 'KD_TEACHER_CONVENTION',
      where: 'classificationMetrics',
      argument: 'convention',
      expected: 'of classes or independent labels',
      received: '"values"',
      remedy: 'Measure values with valueMetrics, or with your own metric.',
    });
  }
  return tidy(() => {
    const logits = logitsOfOutput(output, convention);
    const { loss, right } =
      conventions[convention].family === 'classes'
        ? ofClasses(labels, logits)
        : ofIndependentLabels(labels, logits);
    return { loss, accuracy: cast(right, 'float32') };
  });
};

/**
 * Squared and absolute error of values, each the mean over the last axis: `loss` and `absoluteError`.
 *
 * @param measured the output, float32 `[B, ..., N]`
 * @param batch a batch with a target of the same shape; for an output `[B, 1]` also `[B]`
 * @returns `loss` and `absoluteError`, float32 `[B]`, or one value per position
 * @throws `KD_TERM_NEEDS` without the target, `KD_TENSOR_SHAPE` for a target of another shape
 *
 * @example
 * ```ts
 * import { valueMetrics } from '@kd/trainer';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const batch = { inputs: {}, targets: { labels: tensor2d([[1, 2]]) } };
 * const { loss, absoluteError } = valueMetrics({ output: tensor2d([[1, 4]]), convention: 'values' }, batch);
 * console.log(await loss?.array(), await absoluteError?.array());
 * // [ 2 ] [ 1 ]
 * ```
 */
export const valueMetrics: Metric = (measured, batch) => {
  const { output, target } = readMeasured('valueMetrics', measured);
  const given = targetOf('valueMetrics', target, batch);
  // Subtracted as it is, [B] from [B, 1] would become [B, B].
  const isShort = output.shape.at(-1) === 1 && given.rank === output.rank - 1;
  const shape = isShort ? output.shape.slice(0, -1) : output.shape;
  checkShape('valueMetrics', `batch.targets.${target}`, given, shape);
  return tidy(() => {
    const error = sub(output, cast(isShort ? expandDims(given, -1) : given, 'float32'));
    return { loss: mean(square(error), -1), absoluteError: mean(abs(error), -1) };
  });
};

/** Whether labels are distributions over the classes of an output rather than class ids. */
export function areDistributions(labels: Tensor, outputShape: readonly (number | null)[]): boolean {
  return labels.rank === outputShape.length && labels.shape.at(-1) === outputShape.at(-1);
}

function ofClasses(labels: Tensor, logits: Tensor): { loss: Tensor; right: Tensor } {
  const isDistribution = areDistributions(labels, logits.shape);
  const loss = isDistribution
    ? hardTargetLossFromDistributions(cast(labels, 'float32'), logits)
    : hardTargetLoss(labels, logits);
  const truth = isDistribution ? argMax(labels, -1) : cast(reshape(labels, loss.shape), 'int32');
  return { loss, right: equal(argMax(logits, -1), truth) };
}

function ofIndependentLabels(labels: Tensor, logits: Tensor): { loss: Tensor; right: Tensor } {
  const loss = div(sigmoidHardTargetLoss(cast(labels, 'float32'), logits), logits.shape.at(-1) ?? 1);
  return { loss, right: mean(cast(equal(greater(logits, 0), greater(labels, 0.5)), 'float32'), -1) };
}
