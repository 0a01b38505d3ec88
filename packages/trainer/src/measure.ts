import { argMax, cast, div, equal, greater, mean, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';
import type { Batch, Named, OutputConvention } from '@kd/core';
import {
  hardTargetLoss,
  hardTargetLossFromDistributions,
  logitsFromProbabilities,
  sigmoidHardTargetLoss,
  sigmoidLogitsFromProbabilities,
} from '@kd/soft-target-loss';

/** What a student puts out on a validation batch, at T = 1. */
export interface MeasuredOutput {
  readonly output: Tensor;
  readonly convention: OutputConvention;
}

/** Measures one value per example `[B]` by name; the trainer averages them over the validation set. */
export type Measure = (student: MeasuredOutput, batch: Batch) => Named;

const asLogits: Readonly<Record<OutputConvention, (output: Tensor) => Tensor>> = {
  logits: (output) => output,
  'sigmoid-logits': (output) => output,
  probabilities: logitsFromProbabilities,
  'sigmoid-probabilities': sigmoidLogitsFromProbabilities,
};

/**
 * Cross-entropy with the true labels and accuracy, at T = 1: `loss` and `accuracy`.
 *
 * Labels are `batch.targets.labels`: class ids `[B]` or `[B, 1]`, or distributions of the output's shape. With sigmoid
 * conventions both are averaged over the labels.
 */
export const classification: Measure = ({ output, convention }, batch) => {
  const labels = batch.targets?.['labels'];
  if (labels === undefined) {
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where: 'validation',
      argument: 'batch.targets.labels',
      expected: 'given',
      received: describeValue(labels),
      remedy: 'Add labels to the validation set, or pass a measure of your own.',
    });
  }
  const logits = asLogits[convention](output);
  if (convention.startsWith('sigmoid')) return independentLabels(labels, logits);
  const isDistribution = labels.rank === logits.rank && labels.shape.at(-1) === logits.shape.at(-1);
  const loss = isDistribution
    ? hardTargetLossFromDistributions(cast(labels, 'float32'), logits)
    : hardTargetLoss(labels, logits);
  const truth = isDistribution ? argMax(labels, -1) : cast(reshape(labels, loss.shape), 'int32');
  return { loss: perRow(loss), accuracy: perRow(cast(equal(argMax(logits, -1), truth), 'float32')) };
};

function independentLabels(labels: Tensor, logits: Tensor): Named {
  const perLabel = sigmoidHardTargetLoss(cast(labels, 'float32'), logits);
  const right = cast(equal(greater(logits, 0), greater(labels, 0.5)), 'float32');
  return { loss: perRow(div(perLabel, logits.shape.at(-1) ?? 1)), accuracy: perRow(right) };
}

function perRow(values: Tensor): Tensor {
  return values.rank === 1 ? values : mean(reshape(values, [values.shape.at(0) ?? 0, -1]), 1);
}
