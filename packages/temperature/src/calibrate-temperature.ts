import { KdError } from '@kd/core';
import type { Column } from '@kd/data';
import { negativeLogLikelihood, unboundedTowards } from './likelihood.js';
import type { End } from './likelihood.js';
import { readHeldOut } from './read-held-out.js';

/** The result of a calibration. */
export interface Calibration {
  /** The temperature with the smallest negative log-likelihood. */
  readonly temperature: number;
  /** Mean negative log-likelihood at T = 1. */
  readonly before: number;
  /** Mean negative log-likelihood at that temperature. */
  readonly after: number;
}

const coldest = Math.log(1e-3);
const hottest = Math.log(1e3);
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature at which a model's probabilities best fit held-out labels:
 * `argmin_T mean -log softmax(z / T)[y]`.
 *
 * The negative log-likelihood is convex in 1/T and therefore unimodal in log T. A golden-section search finds
 * its minimum in float64 (Guo, Pleiss, Sun, Weinberger 2017). A teacher's T* is a principled starting point
 * when you search for the distillation temperature.
 *
 * @param logits float32 `[B, N]`, a tensor or `{ values, shape }`, of examples that the model was not trained
 *   on
 * @param labels class ids `[B]` from 0 to N-1, a tensor or a typed array
 * @returns the temperature, and the mean negative log-likelihood at T = 1 and at that temperature
 * @throws `KD_CALIBRATION_UNBOUNDED` if no temperature between 0.001 and 1000 is best, because all rows are
 *   right or the model is no better than chance; `KD_LABEL_RANGE` for a label that names no class;
 *   `KD_DATA_TYPE`, `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY` for other
 *   invalid arguments; `KD_OPTION_RANGE` for logits that are not finite
 *
 * @example
 * ```ts
 * import { calibrateTemperature } from '@kd/temperature';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * // Three times right, once wrong, always with log-odds of 4: best is log-odds of log 3.
 * const logits = tensor2d([[4, 0], [4, 0], [4, 0], [4, 0]]);
 * const { temperature } = await calibrateTemperature(logits, tensor1d([0, 0, 0, 1], 'int32'));
 * console.log(temperature.toFixed(4), (4 / Math.log(3)).toFixed(4));
 * // 3.6410 3.6410
 * ```
 */
export async function calibrateTemperature(logits: Column, labels: Column): Promise<Calibration> {
  const where = 'calibrateTemperature';
  const heldOut = await readHeldOut(where, 'logits', logits, labels);
  if (!heldOut.values.every(Number.isFinite)) {
    throw new KdError({
      code: 'KD_OPTION_RANGE',
      where,
      argument: 'logits',
      expected: 'finite',
      received: 'NaN or infinite values',
      remedy: 'Find the rows on which the model overflows.',
    });
  }
  const end = unboundedTowards(heldOut);
  if (end !== undefined) throw unbounded(where, end);
  const logTemperature = goldenSection(
    (log) => negativeLogLikelihood(heldOut, Math.exp(log)),
    coldest,
    hottest,
  );
  if (logTemperature - coldest < 1e-3) throw unbounded(where, 'zero');
  if (hottest - logTemperature < 1e-3) throw unbounded(where, 'infinity');
  const temperature = Math.exp(logTemperature);
  return {
    temperature,
    before: negativeLogLikelihood(heldOut, 1),
    after: negativeLogLikelihood(heldOut, temperature),
  };
}

function unbounded(where: string, end: End): KdError {
  const cold = end === 'zero';
  return new KdError({
    code: 'KD_CALIBRATION_UNBOUNDED',
    where,
    argument: 'the held-out set',
    expected: 'a set on which the model is sometimes wrong but better than chance',
    received: `rows whose likelihood is still rising at T = ${cold ? '0.001' : '1000'}`,
    remedy: cold
      ? 'Use more held-out rows: either all of these are classified correctly or the logits are tiny.'
      : 'Check that the labels belong to these rows and that the logits are not huge.',
  });
}

/** Minimum of a unimodal function on [low, high] to 1e-9. */
function goldenSection(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [left, right] = [b - golden * (b - a), a + golden * (b - a)];
  let [atLeft, atRight] = [f(left), f(right)];
  while (b - a > 1e-9) {
    if (atLeft < atRight) {
      [b, right, atRight] = [right, left, atLeft];
      left = b - golden * (b - a);
      atLeft = f(left);
    } else {
      [a, left, atLeft] = [left, right, atRight];
      right = a + golden * (b - a);
      atRight = f(right);
    }
  }
  return (a + b) / 2;
}
