import { checkFeaturePair, featureMaps, KdError, describeShape, offTape, unitVectors } from '@kd/core';
import { matMul, reshape, square, sub, sum, tidy, transpose } from '@tensorflow/tfjs-core';
import { div } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * How differently the channels of student and teacher go together: `1/C sum_ij (G_t - G_s)_ij²`.
 *
 * `G = N(F' F)`, `[C, C]`, for the features F of an example, `[positions, C]`; N divides each row by its
 * length. So it compares which channels respond alike, and not where (Liu et al. 2021, eq. 2 to 4). Heights
 * and widths may differ. No gradient flows to the teacher.
 *
 * @param teacherFeatures float32 `[B, H, W, C]`, any finite values
 * @param studentFeatures float32 `[B, H', W', C]`
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { interChannelLoss } from '@kd/inter-channel';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * // Two channels: the teacher's respond to different positions, the student's to the same ones.
 * const teacher = tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
 * const student = tensor4d([1, 1, 1, 1], [1, 1, 2, 2]);
 * console.log((await interChannelLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.5858
 * ```
 */
export function interChannelLoss(teacherFeatures: Tensor, studentFeatures: Tensor): Tensor {
  const where = 'interChannelLoss';
  checkFeaturePair(where, teacherFeatures, studentFeatures, featureMaps);
  if (teacherFeatures.shape[3] !== studentFeatures.shape[3])
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: 'studentFeatures',
      expected: `of ${String(teacherFeatures.shape[3])} channels, as the teacher's`,
      received: describeShape(studentFeatures.shape),
      remedy: 'Use the term interChannel, which embeds the student.',
    });
  return tidy(() => {
    const difference = sub(
      alike(studentFeatures),
      offTape(() => alike(teacherFeatures)),
    );
    return div(sum(square(difference), [1, 2]), teacherFeatures.shape[3] as number);
  });
}

/** Which channels go together, `[B, C, C]`, each row of length 1. */
function alike(maps: Tensor): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = maps.shape;
  // The scale of an example cancels in its rows, but not in float32, where squares overflow or vanish.
  const flat = reshape(unitVectors(reshape(maps, [batch, -1]), 1), [batch, height * width, channels]);
  return unitVectors(matMul(transpose(flat, [0, 2, 1]), flat), 2);
}
