import { finite, KdError, like, list } from '@kd/core';
import { betaDraw } from './beta.js';
import { entriesOf } from './entries-of.js';
import { exampleRandom } from './example-random.js';
import type { AugmentationTime } from './augment-images.js';

const floats = like('a Float32Array', (value) => value instanceof Float32Array);

/** For each example, with which row of the data set it is mixed, and its own share λ. */
export interface MixupDraws {
  readonly partners: Int32Array;
  readonly lambdas: Float32Array;
}

/**
 * Draws partners from the whole data set, and shares from Beta(α, α). A draw depends on the seed, the epoch
 * and the row.
 */
export function mixupDraws(
  rows: Int32Array,
  size: number,
  alpha: number,
  { seed, epoch }: AugmentationTime,
): MixupDraws {
  const partners = new Int32Array(rows.length);
  const lambdas = new Float32Array(rows.length);
  rows.forEach((row, index) => {
    const random = exampleRandom(seed, epoch, `mixup ${String(row)}`);
    partners[index] = random.integer(0, size - 1);
    lambdas[index] = betaDraw(random, alpha);
  });
  return { partners, lambdas };
}

/**
 * Mixes rows: `λ x + (1 - λ) y`, with one λ per row. Inputs and labels are mixed with the same λ.
 *
 * Zhang et al. 2018, mixup: Beyond Empirical Risk Minimization.
 *
 * @param values B rows of numbers: pixels, one-hot labels or probabilities
 * @param others as many numbers, of the partners
 * @param lambdas B shares in [0, 1]
 * @returns new numbers
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`; `KD_DATA_LENGTH` if the lengths do not fit
 *
 * @example
 * ```ts
 * import { mixup } from '@kd/data';
 * console.log(mixup(Float32Array.of(1, 0, 1, 0), Float32Array.of(0, 1, 1, 0), [0.75, 0.5]).join(' '));
 * // 0.75 0.25 1 0
 * ```
 */
export function mixup(values: Float32Array, others: Float32Array, lambdas: ArrayLike<number>): Float32Array {
  const where = 'mixup';
  floats.read({ where, argument: 'values' }, values);
  floats.read({ where, argument: 'others' }, others);
  const at = { where, argument: 'lambdas' };
  const shares = list(finite).read(at, entriesOf(at, lambdas));
  const width = values.length / shares.length;
  if (values.length !== others.length || !Number.isInteger(width)) {
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: 'others',
      expected: `as long as values, with whole rows for ${String(shares.length)} shares`,
      received: `${String(others.length)} numbers beside ${String(values.length)}`,
      remedy: 'Pass the same number of rows twice, and one share per row.',
    });
  }
  return values.map((value, index) => {
    const lambda = shares[Math.floor(index / width)] as number;
    return lambda * value + (1 - lambda) * (others[index] as number);
  });
}
