import type { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, KdError, valueAt } from '@kd/core';
import type { Term, TermBatch, TrainingTime } from '@kd/core';
import { weightedMean } from './weighted-mean.js';

/** The loss of a term on a batch. */
export interface LossOfTerm {
  /** A scalar. */
  readonly loss: Tensor;
  /** The denominator of the loss, a sum of weights: a number if it follows from the shape, else a scalar. */
  readonly normalizer: Tensor | number;
}

/**
 * The loss of a term on a batch, and its denominator. Throws if values or weights do not have the shape that
 * the term declares.
 */
export function lossOfTerm(term: Term, termBatch: TermBatch, rows: number): LossOfTerm {
  const { values, weights } = term.loss(termBatch);
  if (term.reduces === 'batch') {
    checkPart(term, 'values', values, []);
    // Weights would have no meaning for a relation between examples, and must not be dropped silently.
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
    expected: `${expected}, because it reduces ${JSON.stringify(term.reduces)}`,
    received: describeShape(shape),
    remedy:
      term.reduces === 'batch'
        ? 'Return one number for the batch, without weights.'
        : 'Sum or average over all axes but the first.',
  });
}

/** The weight of a term at a given time. Throws if a schedule returns an invalid weight. */
export function weightOfTerm({ name, weight = 1 }: Term, time: TrainingTime): number {
  const value = valueAt(weight, time);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where: `the term ${JSON.stringify(name)}`,
    argument: `weight at step ${String(time.step)}, epoch ${String(time.epoch)}`,
    expected: 'a finite number >= 0',
    received: String(value),
    remedy: 'Check the schedule of the weight.',
  });
}
