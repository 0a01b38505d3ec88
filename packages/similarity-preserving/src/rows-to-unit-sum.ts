import { signOf } from '@kd/core';
import { abs, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkRows } from './normalize-rows.js';
import { unitRows } from './unit-rows.js';

/**
 * Each row divided by the sum of its absolute values: `g / sum |g|`, the normalisation of torchdistill.
 *
 * Rows get shorter as the batch grows, so that a weight found with it holds for one batch size. A row of zeros stays one and gets no
 * gradient (Tung and Mori 2019, who divide by the length).
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
  checkRows('rowsToUnitSum', 'similarities', similarities);
  return tidy(() =>
    unitRows(similarities, {
      of: (rows) => sum(abs(rows), 1, true),
      slope: signOf,
    }),
  );
}
