import { selected } from '@kd/core';
import { addN, div, maximum, reshape, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { HintReduction } from '../loss/reduction.js';

/** What a loss is of its positions: their mean, their sum, or one number of all elements together. */
export type OverPositions = 'mean' | 'sum' | 'together';

/** What a loss with this reduction over all elements is of its positions. */
export function overPositions(reduction: HintReduction): OverPositions {
  return reduction === 'mean' ? 'mean' : 'sum';
}

/** A loss per example of two hints. */
export type HintPairLoss = (teacherHint: Tensor, regressed: Tensor) => Tensor;

/** The loss of a pair. */
export interface LossOfPair {
  /** `[B]`, or one value per position in the shape of `marks`. */
  readonly values: Tensor;
  /** Which positions count, if `values` has positions. */
  readonly marks: Tensor | undefined;
}

/** The loss of a pair with zeros in what `marks` leaves out, position by position if the loss allows it. */
export function lossOfPair(
  loss: HintPairLoss,
  over: OverPositions,
  hint: Tensor,
  regressed: Tensor,
  marks: Tensor | undefined,
): LossOfPair {
  if (marks === undefined || over === 'together') return { values: loss(hint, regressed), marks: undefined };
  const [ofTeacher, ofStudent] = [hint, regressed].map((x) => reshape(x, [-1, x.shape.at(-1) as number]));
  const values = reshape(loss(ofTeacher as Tensor, ofStudent as Tensor), marks.shape);
  return over === 'mean' ? { values, marks } : { values: sumOf(values, marks), marks: undefined };
}

/** The sum of the losses of all pairs: one value per position if all pairs have one, else `[B]`. */
export function sumOfPairs(pairs: readonly LossOfPair[]): Tensor {
  if (pairs.every(({ marks }) => marks !== undefined)) return addN(pairs.map(({ values }) => values));
  return addN(pairs.map(({ values, marks }) => (marks === undefined ? values : meanOf(values, marks))));
}

function sumOf(values: Tensor, marks: Tensor): Tensor {
  return sum(reshape(selected(values, marks), [values.shape[0], -1]), 1);
}

function meanOf(values: Tensor, marks: Tensor): Tensor {
  return div(sumOf(values, marks), maximum(sumOf(marks, marks), 1));
}
