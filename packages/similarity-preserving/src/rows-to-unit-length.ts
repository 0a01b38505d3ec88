import { sqrt, square, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkRows } from './normalize-rows.js';
import { unitRows } from './unit-rows.js';

/**
 * Each row divided by its length: `g / ||g||`, the normalisation of the paper and of RepDistiller.
 *
 * A row of zeros stays one and gets no gradient (Tung and Mori 2019).
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
  checkRows('rowsToUnitLength', 'similarities', similarities);
  return tidy(() =>
    unitRows(similarities, {
      of: (rows) => sqrt(sum(square(rows), 1, true)),
      slope: (_, unit) => unit,
    }),
  );
}
