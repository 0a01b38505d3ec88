import {
  div,
  greater,
  mean,
  mul,
  ones,
  onesLike,
  reshape,
  sum,
  where as select,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { selected } from '@kd/core';
import type { Term, TermBatch, TermLoss } from '@kd/core';
import { checkLoss } from './check-loss.js';
import type { Counts } from './counts.js';
import { weightedMean } from './weighted-mean.js';

/** The loss of a term on a batch. */
export interface LossOfTerm {
  /** A scalar. */
  readonly loss: Tensor;
  /** The denominator of the loss, a sum of weights: a number if it follows from the shape, else a scalar. */
  readonly normalizer: Tensor | number;
  /** What `afterStep` needs. */
  readonly carry: NonNullable<TermLoss['carry']>;
}

/** The loss of a term on a batch, `sum w l / sum w`, and its denominator. */
export function lossOfTerm(term: Term, batch: TermBatch, counts: Counts, rows: number): LossOfTerm {
  const returned: unknown = term.loss(batch);
  const { values, weights, carry = {} } = checkLoss(term, batch, returned, counts, rows);
  if (term.reduces === 'batch') return { loss: values, normalizer: rows, carry };
  const perExample = values.rank === 1 ? { values, weights } : meanOfPositions(values, weights, counts);
  const { mean: loss, normalizer = rows } = weightedMean(perExample.values, [
    counts.rows,
    perExample.weights,
  ]);
  // Positions that all count the same are left out of the mean, where they would cancel.
  const positions = perExample.weights === undefined ? values.size / rows : 1;
  return { loss, normalizer: times(normalizer, positions), carry };
}

/**
 * Reduces one value per position to one per example: the mean over the positions that count. Their number
 * becomes the weight of the example, so that the loss of the batch is the mean over all of them.
 */
function meanOfPositions(
  values: Tensor,
  weights: Tensor | undefined,
  { mask }: Counts,
): { readonly values: Tensor; readonly weights?: Tensor } {
  const flat = reshape(values, [values.shape[0], -1]);
  const flattened = [mask && spread(mask, values), weights]
    .filter((one) => one !== undefined)
    .map((one) => reshape(one, flat.shape));
  const [first, second] = flattened;
  if (first === undefined) return { values: mean(flat, 1) };
  const weight = second === undefined ? first : mul(first, second);
  const kept = sum(weight, 1);
  // Not divNoNan, which tfjs cannot differentiate: the comparison inside has no gradient.
  const divisor = select(greater(kept, 0), kept, onesLike(kept));
  return { values: div(sum(mul(selected(flat, weight), weight), 1), divisor), weights: kept };
}

function times(normalizer: Tensor | number, factor: number): Tensor | number {
  if (typeof normalizer === 'number') return normalizer * factor;
  return factor === 1 ? normalizer : mul(normalizer, factor);
}

/** A mask for values that have further axes. */
function spread(mask: Tensor, values: Tensor): Tensor {
  if (mask.rank === values.rank) return mask;
  const further = Array.from({ length: values.rank - mask.rank }, () => 1);
  return mul(reshape(mask, [...mask.shape, ...further]), ones(values.shape));
}
