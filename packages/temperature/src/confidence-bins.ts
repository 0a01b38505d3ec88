import { KdError, optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import type { HeldOut } from './read-held-out.js';

/** Options of `expectedCalibrationError` and `calibrationBins`. */
export interface ExpectedCalibrationErrorOptions {
  /** Number of confidence bins of equal width, a whole number >= 1; default 15. */
  readonly bins?: number;
}

export const binOptions: Options<
  ExpectedCalibrationErrorOptions,
  FieldsOf<ExpectedCalibrationErrorOptions, 'bins'>
> = optionsOf<ExpectedCalibrationErrorOptions>()({ bins: whole(1).default(15) });

/** Sums over the rows of a bin. */
export interface BinSums {
  readonly count: number;
  /** The number of rows whose largest probability is that of the label. */
  readonly correct: number;
  /** The sum of the largest probabilities. */
  readonly sure: number;
}

/** The sums of each bin that has rows. Bin k, from 1, is `((k - 1) / bins, k / bins]`. */
export function sumsByBin(where: string, heldOut: HeldOut, bins: number): Map<number, BinSums> {
  const all = new Map<number, BinSums>();
  for (let row = 0; row < heldOut.labels.length; row++) {
    const { confidence, correct } = verdict(where, heldOut, row);
    const bin = Math.min(bins, Math.ceil(confidence * bins));
    const so = all.get(bin) ?? { count: 0, correct: 0, sure: 0 };
    all.set(bin, {
      count: so.count + 1,
      correct: so.correct + (correct ? 1 : 0),
      sure: so.sure + confidence,
    });
  }
  return all;
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
