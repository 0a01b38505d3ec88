import { checkFloat32, describeShape, KdError, signOf, withGradient } from '@kd/core';
import {
  abs,
  cast,
  div,
  greater,
  max,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Makes rows of similarities comparable: takes float32 `[B, B]` and returns a tensor of the same shape. Use
 * `rowsToUnitLength`, `rowsToUnitSum`, or your own function that tfjs can differentiate. It receives the
 * similarities up to one positive factor, so its result must not depend on their scale. If all features of an
 * example are zero, so is its row.
 */
export type NormalizeRows = (similarities: Tensor) => Tensor;

/**
 * Divides each row by its length: `g / ||g||`, the normalisation of the paper and of RepDistiller.
 *
 * A row of zeros stays zero and gets no gradient (Tung and Mori 2019).
 *
 * @param similarities g, float32 `[B, B]`
 * @returns float32 of the same shape, values in [-1, 1]
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`
 *
 * @example
 * ```ts
 * import { rowsToUnitLength } from '@kd/similarity-preserving';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const rows = await rowsToUnitLength(tensor2d([3, -4, 0, 0], [2, 2])).data();
 * console.log(Array.from(rows, (x) => x.toFixed(2)).join(' '));
 * // 0.60 -0.80 0.00 0.00
 * ```
 */
export function rowsToUnitLength(similarities: Tensor): Tensor {
  checkRows('rowsToUnitLength', similarities);
  return tidy(() =>
    unitRows(similarities, {
      of: (rows) => sqrt(sum(square(rows), 1, true)),
      slope: (_, unit) => unit,
    }),
  );
}

/**
 * Divides each row by the sum of its absolute values: `g / sum |g|`, the normalisation of torchdistill.
 *
 * Rows get shorter as the batch grows, so a weight tuned for one batch size does not suit another. A row of
 * zeros stays zero and gets no gradient (Tung and Mori 2019, who divide by the length).
 *
 * @param similarities g, float32 `[B, B]`
 * @returns float32 of the same shape, values in [-1, 1]
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`
 *
 * @example
 * ```ts
 * import { rowsToUnitSum } from '@kd/similarity-preserving';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const rows = await rowsToUnitSum(tensor2d([3, -1, 0, 0], [2, 2])).data();
 * console.log(Array.from(rows, (x) => x.toFixed(2)).join(' '));
 * // 0.75 -0.25 0.00 0.00
 * ```
 */
export function rowsToUnitSum(similarities: Tensor): Tensor {
  checkRows('rowsToUnitSum', similarities);
  return tidy(() =>
    unitRows(similarities, {
      of: (rows) => sum(abs(rows), 1, true),
      slope: signOf,
    }),
  );
}

/** Throws unless `value` is float32 `[B, N]` without an empty axis. */
function checkRows(where: string, value: unknown): asserts value is Tensor {
  const argument = 'similarities';
  checkFloat32(where, argument, value);
  if (value.rank === 2 && value.size > 0) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: 'of shape [rows, columns] without an empty axis',
    received: describeShape(value.shape),
    remedy: 'Pass a matrix of similarities.',
  });
}

// A row counts as zero if all its values are below this.
const smallest = 1e-30;
// With its largest value scaled to 1, a row has at least size 1. One half leaves room for a GPU's rounding.
const shortest = 0.5;

/** The size of a row. */
interface Size {
  /** Homogeneous of degree one: `[B, N]` to `[B, 1]`. */
  readonly of: (rows: Tensor) => Tensor;
  /** Its derivative by each value, given the rows and the rows divided by their size. */
  readonly slope: (rows: Tensor, unit: Tensor) => Tensor;
}

/** Divides rows by their size, with the gradient. A row of zeros stays zero and gets no gradient. */
function unitRows(rows: Tensor, size: Size): Tensor {
  return withGradient(rows, (x) => {
    const largest = max(abs(x), 1, true);
    const inverse = div(cast(greater(largest, smallest), 'float32'), maximum(largest, smallest));
    // Scaled to size 1, so that squares neither overflow nor vanish.
    const scaled = mul(x, inverse);
    const sizes = maximum(size.of(scaled), shortest);
    const unit = div(scaled, sizes);
    return {
      value: unit,
      saved: [unit, size.slope(scaled, unit), div(inverse, sizes)],
      gradient: (dy, u, slope, inverseSize) =>
        mul(sub(dy, mul(slope, sum(mul(dy, u), 1, true))), inverseSize),
    };
  });
}
