import { KdError, optionsOf, whole } from '@kd/core';
import type { Column } from '@kd/data';
import { readHeldOut } from './read-held-out.js';
import type { HeldOut } from './read-held-out.js';

/** Options of `expectedCalibrationError`. */
export interface ExpectedCalibrationErrorOptions {
  /** Number of confidence bins of equal width, a whole number >= 1; default 15. */
  readonly bins?: number;
}

const binOptions = optionsOf<ExpectedCalibrationErrorOptions>()({ bins: whole(1).default(15) });

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
  // Each bin only needs sum(correct) - sum(confidence): n_b / n * |mean - mean| = |sum - sum| / n.
  const gaps = new Map<number, number>();
  for (let row = 0; row < heldOut.labels.length; row++) {
    const { confidence, correct } = verdict(where, heldOut, row);
    const bin = Math.min(bins, Math.ceil(confidence * bins));
    gaps.set(bin, (gaps.get(bin) ?? 0) + (correct ? 1 : 0) - confidence);
  }
  return [...gaps.values()].reduce((sum, gap) => sum + Math.abs(gap), 0) / heldOut.labels.length;
}

function verdict(
  where: string,
  { values, labels, classes }: HeldOut,
  row: number,
): { confidence: number; correct: boolean } {
  const probabilities = values.subarray(row * classes, (row + 1) * classes);
  const sum = probabilities.reduce((a, b) => a + b);
  const confidence = probabilities.reduce((a, b) => Math.max(a, b));
  // 1e-3 lets a float16 softmax over many classes pass, but not logits.
  if (!(Math.abs(sum - 1) < 1e-3) || probabilities.some((p) => p < 0)) {
    throw new KdError({
      code: 'KD_PROBABILITY_RANGE',
      where,
      argument: `probabilities[${String(row)}]`,
      expected: 'a row of numbers >= 0 that sum to one',
      received: `[${Array.from(probabilities.subarray(0, 10)).join(', ')}${classes > 10 ? ', ...' : ''}] with sum ${String(sum)}`,
      remedy: 'Apply softmaxAtTemperature to logits first.',
    });
  }
  return { confidence, correct: probabilities.indexOf(confidence) === labels[row] };
}
