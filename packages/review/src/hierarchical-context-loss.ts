import { checkFeaturePair, checkShape, featureMaps, offTape, poolToEqual } from '@kd/core';
import { addN, mean, mul, square, sub, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

const coarserSizes = [4, 2, 1];

/**
 * How far the student's map is from the teacher's, at its own size and pooled to 4x4, 2x2 and 1x1:
 * `sum_k w_k mean (P_k(s) - P_k(t))² / sum_k w_k` with `w = 1, 1/2, 1/4, 1/8`.
 *
 * So it compares what is in the map, and then what is in larger and larger parts of it. Sizes that the map
 * does not exceed are left out (Chen et al. 2021; the weights are those of the authors' code). No gradient
 * flows to the teacher.
 *
 * @param teacherFeatures float32 `[B, H, W, C]`, any values up to 1e18
 * @param studentFeatures float32 of the same shape
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { hierarchicalContextLoss } from '@kd/review';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * const teacher = tensor4d([1, 0, 0, 1], [1, 2, 2, 1]);
 * // The same mean at other positions, and another mean.
 * for (const student of [tensor4d([0, 1, 1, 0], [1, 2, 2, 1]), tensor4d([2, 1, 1, 2], [1, 2, 2, 1])])
 *   console.log((await hierarchicalContextLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.6667
 * // 1.0000
 * ```
 */
export function hierarchicalContextLoss(teacherFeatures: Tensor, studentFeatures: Tensor): Tensor {
  const where = 'hierarchicalContextLoss';
  checkFeaturePair(where, teacherFeatures, studentFeatures, featureMaps);
  checkShape(where, 'studentFeatures', studentFeatures, teacherFeatures.shape);
  const largest = Math.max(...teacherFeatures.shape.slice(1, 3));
  const sizes = [largest, ...coarserSizes.filter((size) => size < largest)];
  const total = sizes.reduce((sum, _, level) => sum + 2 ** -level, 0);
  return tidy(() => {
    // Pooling is linear, so the difference of the pooled maps is the pooled difference.
    const difference = sub(
      studentFeatures,
      offTape(() => mul(teacherFeatures, 1)),
    );
    return addN(
      sizes.map((size, level) =>
        mul(mean(square(pooledTo(difference, size)), [1, 2, 3]), 2 ** -level / total),
      ),
    );
  });
}

/** Average-pooled to a height and width of at most `size`. */
function pooledTo(maps: Tensor, size: number): Tensor {
  return poolToEqual(zeros([1, size, size, 1]), maps)[1];
}
