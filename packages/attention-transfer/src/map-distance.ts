import { checkFloat32, checkShape, describeShape, KdError, vectorLengths } from '@kd/core';
import { mean, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The distance between two attention maps: takes the teacher's and the student's map, float32 `[B, P]` with
 * rows of length 1, and returns float32 `[B]`. Use `euclideanDistance`, `meanSquaredDifference`, or your own
 * function that tfjs can differentiate.
 */
export type MapDistance = (teacherMap: Tensor, studentMap: Tensor) => Tensor;

/**
 * The paper's distance: `||s - t||`, not squared.
 *
 * Its gradient has length 1 however close the maps are, and is 0 if they are equal (Zagoruyko and Komodakis
 * 2017, eq. 2).
 *
 * @param teacherMap t, float32 `[B, P]`
 * @param studentMap s, float32 of the same shape
 * @returns float32 `[B]`, from 0 to sqrt(2) for attention maps
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`
 *
 * @example
 * ```ts
 * import { euclideanDistance } from '@kd/attention-transfer';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const distance = euclideanDistance(tensor2d([[0.6, 0.8]]), tensor2d([[1, 0]]));
 * console.log((await distance.data())[0]?.toFixed(4));
 * // 0.8944
 * ```
 */
export function euclideanDistance(teacherMap: Tensor, studentMap: Tensor): Tensor {
  checkMaps('euclideanDistance', teacherMap, studentMap);
  return tidy(() => vectorLengths(sub(studentMap, teacherMap), 1));
}

/**
 * The distance in the authors' code, RepDistiller and torchdistill: `1/P sum (s - t)²` over the P positions.
 *
 * It equals `euclideanDistance² / P`, so a weight for one does not suit the other (Zagoruyko and Komodakis
 * 2017).
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

/** Throws unless both are float32 `[B, P]` of equal shape, without an empty axis. */
function checkMaps(where: string, teacherMap: unknown, studentMap: unknown): void {
  checkFloat32(where, 'teacherMap', teacherMap);
  checkFloat32(where, 'studentMap', studentMap);
  if (teacherMap.rank !== 2 || teacherMap.size === 0) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: 'teacherMap',
      expected: 'of shape [B, positions]',
      received: describeShape(teacherMap.shape),
      remedy: 'Pass what attentionMap returns.',
    });
  }
  checkShape(where, 'studentMap', studentMap, teacherMap.shape);
}
