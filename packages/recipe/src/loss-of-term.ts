import type { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, KdError, valueAt } from '@kd/core';
import type { Term, TermBatch, TrainingTime } from '@kd/core';
import { weightedMean } from './weighted-mean.js';

/** The loss of a term on a batch. */
export interface LossOfTerm {
  /** A scalar. */
  readonly loss: Tensor;
  /** Sum of the weights that the loss is a mean over: a number where it follows from the shape, else a scalar. */
  readonly normalizer: Tensor | number;
}

/** The loss of a term on a batch, and what it is a mean over; throws for values and weights of another shape than it declares. */
export function lossOfTerm(term: Term, termBatch: TermBatch, rows: number): LossOfTerm {
  const { values, weights } = term.loss(termBatch);
  if (term.reduces === 'batch') {
    checkPart(term, 'values', values, []);
    // Weights of a relation between examples would have no meaning: they are not dropped without a word.
    if (weights !== undefined) throw wrongPart(term, 'weights', 'absent', weights);
    return { loss: values, normalizer: rows };
  }
  checkPart(term, 'values', values, [rows]);
  if (weights !== undefined) checkPart(term, 'weights', weights, [rows]);
  const { mean: loss, normalizer = rows } = weightedMean(values, [termBatch.batch.sampleWeight, weights]);
  return { loss, normalizer };
}

function checkPart(term: Term, part: 'values' | 'weights', tensor: Tensor, shape: readonly number[]): void {
  if (describeShape(tensor.shape) === describeShape(shape)) return;
  throw wrongPart(term, part, `of shape ${describeShape(shape)}`, tensor);
}

function wrongPart(term: Term, part: 'values' | 'weights', expected: string, { shape }: Tensor): KdError {
  return new KdError({
    code: 'KD_TERM_VALUES',
    where: `the term ${JSON.stringify(term.name)}`,
    argument: `${part} of its loss`,
    expected: `${expected}, as it reduces ${JSON.stringify(term.reduces)}`,
    received: describeShape(shape),
    remedy:
      term.reduces === 'batch'
        ? 'Return one number for the batch, without weights.'
        : 'Sum or average over all axes but the first.',
  });
}

/** The weight of a term at a time; throws for a schedule that gives no weight. */
export function weightOfTerm({ name, weight = 1 }: Term, time: TrainingTime): number {
  const value = valueAt(weight, time);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where: `the term ${JSON.stringify(name)}`,
    argument: `weight at step ${String(time.step)}, epoch ${String(time.epoch)}`,
    expected: 'a finite number >= 0',
    received: String(value),
    remedy: 'Look at the schedule of the weight.',
  });
}
