import { checkFeatures } from '@kd/core';
import type { FeatureShape } from '@kd/core';
import { matMul, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * How alike the examples of a batch are: takes rows of features, float32 `[B, D]`, and returns the
 * similarities of all pairs, float32 `[B, B]`. Use `gaussian()`, `bilinear`, or your own function that tfjs
 * can differentiate. A training knows it by its `name`, so give one with settings a name that tells them.
 */
export type Kernel = (rows: Tensor) => Tensor;

/**
 * The bilinear kernel: `K_ij = x_i · x_j`.
 *
 * It grows with the square of the features, so that a student must also learn how large those of its teacher
 * are (Peng et al. 2019).
 *
 * @param rows x, float32 `[B, D]`; the squares of all products must be within float32
 * @returns float32 `[B, B]`
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { bilinear } from '@kd/correlation';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * console.log((await bilinear(tensor2d([1, 2, 0, 3], [2, 2])).data()).join(' '));
 * // 5 6 6 9
 * ```
 */
export function bilinear(rows: Tensor): Tensor {
  checkRows('bilinear', rows);
  return tidy(() => products(rows));
}

const matrix: FeatureShape = {
  expected: 'of shape [B, D]',
  fits: ({ length }) => length === 2,
  remedy: 'Pass one row of features for each example.',
};

export function checkRows(where: string, rows: unknown): asserts rows is Tensor {
  checkFeatures(where, 'rows', rows, matrix);
}

/** The dot products of all pairs of rows, `[B, B]`. */
export function products(rows: Tensor): Tensor {
  // Transposed beforehand: wasm multiplies by a transposed matrix at a tenth of the speed.
  return matMul(rows, transpose(rows));
}
