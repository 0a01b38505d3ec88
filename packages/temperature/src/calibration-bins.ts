import type { Column } from '@kd/data';
import { binOptions, sumsByBin } from './confidence-bins.js';
import type { ExpectedCalibrationErrorOptions } from './confidence-bins.js';
import { readHeldOut } from './read-held-out.js';

/** The examples whose confidence lies in one interval. */
export interface CalibrationBin {
  /** The interval is `(from, to]`. */
  readonly from: number;
  readonly to: number;
  /** Number of examples, at least 1. */
  readonly count: number;
  /** Mean of the largest probability, in `(from, to]`. */
  readonly confidence: number;
  /** Share of the examples that the model classifies correctly, in [0, 1]. */
  readonly accuracy: number;
}

/**
 * A model's confidence and accuracy by confidence: the data of a reliability diagram.
 *
 * Confidence is the largest probability in a row; the bins are `(k / bins, (k + 1) / bins]` (Guo et al. 2017,
 * eq. 1 and 2). `sum_b count_b / n * |accuracy_b - confidence_b|` is the expected calibration error.
 *
 * @param probabilities float32 `[B, N]`, a tensor or `{ values, shape }`, with rows that sum to one; if you
 *   have logits, pass `softmaxAtTemperature(logits, 1)`
 * @param labels class ids `[B]` from 0 to N-1, a tensor or a typed array
 * @returns the bins that have examples, by confidence
 * @throws `KD_PROBABILITY_RANGE` for rows that do not sum to one; `KD_LABEL_RANGE`, `KD_DATA_TYPE`,
 *   `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` for options
 *
 * @example
 * ```ts
 * import { calibrationBins } from '@kd/temperature';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const probabilities = tensor2d([[0.75, 0.25], [0.75, 0.25], [0.5, 0.5]]);
 * console.log(await calibrationBins(probabilities, tensor1d([0, 1, 0], 'int32'), { bins: 2 }));
 * // [
 * //   { from: 0, to: 0.5, count: 1, confidence: 0.5, accuracy: 1 },
 * //   { from: 0.5, to: 1, count: 2, confidence: 0.75, accuracy: 0.5 }
 * // ]
 * ```
 */
export async function calibrationBins(
  probabilities: Column,
  labels: Column,
  options: ExpectedCalibrationErrorOptions = {},
): Promise<CalibrationBin[]> {
  const where = 'calibrationBins';
  const { bins } = binOptions.read(where, options);
  const heldOut = await readHeldOut(where, 'probabilities', probabilities, labels);
  const sums = [...sumsByBin(where, heldOut, bins)].sort(([a], [b]) => a - b);
  return sums.map(([bin, { count, correct, sure }]) => ({
    from: (bin - 1) / bins,
    to: bin / bins,
    count,
    confidence: sure / count,
    accuracy: correct / count,
  }));
}
