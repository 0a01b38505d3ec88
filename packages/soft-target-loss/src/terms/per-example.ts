import { div, maximum, mean, mul, reshape, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, selected } from '@kd/core';
import type { Batch, TermLoss } from '@kd/core';

/**
 * Reduces one value per position `[B, ...]` to one per example: the mean over the positions that the mask
 * keeps.
 *
 * The number of kept positions becomes the example's weight, so that the batch's loss is the mean over all
 * kept positions.
 */
export function perExample(where: string, values: Tensor, { mask }: Batch): TermLoss {
  if (values.rank === 1) return { values };
  const flat = reshape(values, [values.shape[0], -1]);
  if (mask === undefined) return { values: mean(flat, 1) };
  checkShape(where, 'batch.mask', mask, flat.shape);
  const kept = sum(mask, 1);
  // Not divNoNan, which tfjs cannot differentiate: the comparison inside has no gradient.
  return { values: div(sum(mul(selected(flat, mask), mask), 1), maximum(kept, 1)), weights: kept };
}
