import { offTape, poolToEqual } from '@kd/core';
import {
  abs,
  div,
  max,
  maximum,
  mean,
  minimum,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { checkMaps } from './equal-channels.js';

/**
 * How badly the channels of student and teacher correlate: the mean of `1 - r_c` over the channels.
 *
 * `r_c` is Pearson's correlation of channel c over all positions of all examples. This is half the mean
 * squared error of features that are brought to mean 0 and variance 1 for each channel, so neither the size
 * of the features counts nor an offset (Cao et al. 2022). A channel that is constant on one side has the
 * value 1/2, on both sides 0. An axis of other sizes is average-pooled to the smaller one. No gradient flows
 * to the teacher.
 *
 * @param teacherFeatures float32 `[B, H, W, C]`, any finite values
 * @param studentFeatures float32 `[B, H', W', C]`
 * @returns a float32 scalar from 0 to 2 for the whole batch
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { pearsonFeaturesLoss } from '@kd/dense';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * const teacher = tensor4d([0, 1, 2], [1, 1, 3, 1]);
 * // Larger and with an offset; the other way round.
 * for (const student of [tensor4d([5, 8, 11], [1, 1, 3, 1]), tensor4d([2, 1, 0], [1, 1, 3, 1])])
 *   console.log((await pearsonFeaturesLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.0000
 * // 2.0000
 * ```
 */
export function pearsonFeaturesLoss(teacherFeatures: Tensor, studentFeatures: Tensor): Scalar {
  checkMaps('pearsonFeaturesLoss', teacherFeatures, studentFeatures);
  return tidy(() => {
    const [teacher, student] = poolToEqual(
      offTape(() => mul(teacherFeatures, 1)),
      studentFeatures,
    );
    // Not one minus a product, which is a rounding error where the correlation is nearly 1.
    return mul<Scalar>(mean(square(sub(standardised(student), standardised(teacher)))), 0.5);
  });
}

// The reference's, which adds it to the deviation.
const leastDeviation = 1e-6;

/** Each channel with mean 0 and variance 1 over all positions, `[B H W, C]`; a constant one is zero. */
function standardised(maps: Tensor): Tensor {
  const rows = reshape(maps, [-1, maps.shape[3] as number]);
  // By the largest value first, so that squares do not overflow, and what rounding leaves of a constant
  // channel is no variation.
  const size = offTape(() => maximum(max(abs(rows), 0, true), leastDeviation));
  const scaled = div(rows, size);
  const centred = sub(scaled, mean(scaled, 0, true));
  const least = div(leastDeviation, minimum(size, 1));
  return div(centred, sqrt(maximum(mean(square(centred), 0, true), square(least))));
}
