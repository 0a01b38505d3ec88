import { mean, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkMaps } from './map-distance.js';

/**
 * The distance of the authors' code, of RepDistiller and of torchdistill: `1/P sum (s - t)²` over the P positions.
 *
 * It equals `euclideanDistance² / P`, so that weights of the two are not to be exchanged (Zagoruyko and Komodakis 2017).
 *
 * @param teacherMap t, float32 `[B, P]`
 * @param studentMap s, float32 of the same shape
 * @returns float32 `[B]`, from 0 to 2 / P for attention maps
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`
 *
 * @example
 * ```ts
 * import { meanSquaredDifference } from '@kd/attention-transfer';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const distance = meanSquaredDifference(tensor2d([[0.6, 0.8]]), tensor2d([[1, 0]]));
 * console.log((await distance.data())[0]?.toFixed(4));
 * // 0.4000
 * ```
 */
export function meanSquaredDifference(teacherMap: Tensor, studentMap: Tensor): Tensor {
  checkMaps('meanSquaredDifference', teacherMap, studentMap);
  return tidy(() => mean(square(sub(studentMap, teacherMap)), 1));
}
