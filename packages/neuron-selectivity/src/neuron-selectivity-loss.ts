import { checkFeaturePair, featureMaps, offTape, poolToEqual, unitVectors } from '@kd/core';
import { add, matMul, mean, mul, reshape, square, sub, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * How the channels of student and teacher differ in where they respond:
 * `mean (t_i · t_j)² + mean (s_i · s_j)² - 2 mean (s_i · t_j)²`.
 *
 * s_i is the map of channel i as a vector of length 1, and so is t_j. This is the squared maximum mean
 * discrepancy of the two sets of channels with the kernel `(x · y)²`: 0 if the channels are alike, whatever
 * their order and number (Huang and Wang 2017, eq. 4 and 5). Maps of other sizes are pooled to the smaller
 * one. No gradient flows to the teacher.
 *
 * @param teacherFeatures float32 `[B, H, W, C]`, any finite values
 * @param studentFeatures float32 `[B, H', W', C']`; only B must agree
 * @returns float32 `[B]`, one value >= 0 per example, up to rounding
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { neuronSelectivityLoss } from '@kd/neuron-selectivity';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * // Two channels at two positions each: the teacher's respond to different ones, the student's to both.
 * const teacher = tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
 * const student = tensor4d([1, 1, 1, 1], [1, 1, 2, 2]);
 * console.log((await neuronSelectivityLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.5000
 * ```
 */
export function neuronSelectivityLoss(teacherFeatures: Tensor, studentFeatures: Tensor): Tensor {
  checkFeaturePair('neuronSelectivityLoss', teacherFeatures, studentFeatures, featureMaps);
  return tidy(() => {
    const [teacher, student] = poolToEqual(teacherFeatures, studentFeatures);
    const t = offTape(() => channels(teacher));
    const s = channels(student);
    const within = add(
      offTape(() => kernel(t, t)),
      kernel(s, s),
    );
    return sub(within, mul(kernel(s, t), 2));
  });
}

/** The channels as vectors of length 1 over the positions, `[B, H W, C]`; a channel of zeros stays zero. */
function channels(maps: Tensor): Tensor {
  const [batch = 0, height = 0, width = 0, count = 0] = maps.shape;
  return unitVectors(reshape(maps, [batch, height * width, count]), 1);
}

/** The mean of `(x_i · y_j)²` over all pairs of channels, `[B]`. */
function kernel(x: Tensor, y: Tensor): Tensor {
  return mean(square(matMul(transpose(x, [0, 2, 1]), y)), [1, 2]);
}
