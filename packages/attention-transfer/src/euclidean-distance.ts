import {
  customGrad,
  div,
  expandDims,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import { checkMaps } from './map-distance.js';

/**
 * The distance of the paper: `||s - t||`, not squared.
 *
 * Its gradient has length 1 however near the maps are, and is 0 where they are equal (Zagoruyko and Komodakis 2017, eq. 2).
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
  return tidy(() => lengthOfRows(sub(studentMap, teacherMap)));
}

// Below this the squares of float32 vanish, and a quotient by their root would not stay within length 1.
const shortest = 1e-18;

// A custom gradient, as that of the square root is 0 / 0 at equality.
function lengthOfRows(rows: Tensor): Tensor {
  return customGrad<Tensor>((...given) => {
    const [x, save] = given as [Tensor, GradSaveFunc];
    const lengths = sqrt(sum(square(x), 1));
    save([div(x, maximum(expandDims(lengths, 1), shortest))]);
    return { value: lengths, gradFunc: (dy, saved) => mul(expandDims(dy, 1), saved[0] as Tensor) };
  })(rows);
}
