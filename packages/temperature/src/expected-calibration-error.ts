import type { Column } from '@kd/data';
import { binOptions, sumsByBin } from './confidence-bins.js';
import type { ExpectedCalibrationErrorOptions } from './confidence-bins.js';
import { readHeldOut } from './read-held-out.js';

/**
 * The gap between a model's confidence and its accuracy: `ECE = sum_b n_b / n * |accuracy_b - confidence_b|`.
 *
 * Confidence is the largest probability in a row; the bins are `(k / bins, (k + 1) / bins]` (Naeini et al.
 * 2015; Guo et al. 2017, eq. 3).
 *
 * @param probabilities float32 `[B, N]`, a tensor or `{ values, shape }`, with rows that sum to one; if you
 *   have logits, pass `softmaxAtTemperature(logits, 1)`
 * @param labels class ids `[B]` from 0 to N-1, a tensor or a typed array
 * @returns a number in [0, 1], 0 for a perfectly calibrated model
 * @throws `KD_PROBABILITY_RANGE` for rows that do not sum to one; `KD_LABEL_RANGE`, `KD_DATA_TYPE`,
 *   `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` for options
 *
 * @example
 * ```ts
 * import { expectedCalibrationError } from '@kd/temperature';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const probabilities = tensor2d([[0.75, 0.25], [0.75, 0.25]]);
 * console.log(await expectedCalibrationError(probabilities, tensor1d([0, 1], 'int32')));
 * // 0.25
 * ```
 */
export async function expectedCalibrationError(
  probabilities: Column,
  labels: Column,
  options: ExpectedCalibrationErrorOptions = {},
): Promise<number> {
  const where = 'expectedCalibrationError';
  const { bins } = binOptions.read(where, options);
  const heldOut = await readHeldOut(where, 'probabilities', probabilities, labels);
  // n_b / n * |mean - mean| = |sum - sum| / n.
  const gaps = [...sumsByBin(where, heldOut, bins).values()].map(({ correct, sure }) => correct - sure);
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / heldOut.labels.length;
}
