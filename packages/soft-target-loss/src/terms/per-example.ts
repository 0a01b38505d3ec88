import { divNoNan, mean, mul, reshape, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, TermLoss } from '@kd/core';

/**
 * One value per example from one per position `[B, ...]`: the mean over the positions that the mask keeps.
 *
 * The number of kept positions becomes the example's weight, so that the batch's loss is the mean over all kept positions.
 */
export function perExample(values: Tensor, { mask }: Batch): TermLoss {
  if (values.rank === 1) return { values };
  const flat = reshape(values, [values.shape[0], -1]);
  if (mask === undefined) return { values: mean(flat, 1) };
  const kept = sum(mask, 1);
  return { values: divNoNan(sum(mul(flat, mask), 1), kept), weights: kept };
}
