import { checkFeaturePair, checkFloat32, checkShape, fn, offTape, optionsOf, rowsOfFeatures } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { mean, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { rowsToUnitLength } from './normalize-rows.js';
import type { NormalizeRows } from './normalize-rows.js';
import { similarities } from './similarities.js';

const where = 'similarityPreservingLoss';

/** Options of `similarityPreservingLoss`. */
export interface SimilarityPreservingLossOptions {
  /** A function that makes rows of similarities comparable; default `rowsToUnitLength`. */
  readonly normalize?: NormalizeRows;
}

export const lossOptions: Options<
  SimilarityPreservingLossOptions,
  FieldsOf<SimilarityPreservingLossOptions, 'normalize'>
> = optionsOf<SimilarityPreservingLossOptions>()({
  normalize: fn<NormalizeRows>().default(rowsToUnitLength),
});

/**
 * How differently student and teacher judge which examples of a batch are similar:
 * `1/B² ||N(F_t F_t^T) - N(F_s F_s^T)||²`. N divides each row by its length.
 *
 * The flattened features of an example are one row of F. The loss is zero if the features differ only by a
 * factor and a rotation, and for B = 1, where there are no pairs. No gradient flows to the teacher (Tung and
 * Mori 2019, for one pair of layers).
 *
 * @param teacherFeatures F_t, float32 `[B, ...]`, rank 2 or more, any finite values
 * @param studentFeatures F_s, float32 `[B, ...]`, rank 2 or more; only B must agree
 * @returns a float32 scalar >= 0 for the whole batch
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`,
 *   `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { rowsToUnitSum, similarityPreservingLoss } from '@kd/similarity-preserving';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const teacher = tensor2d([1, 0, 0, 1], [2, 2]);
 * const student = tensor2d([1, 1, 0, 1, 0, 2], [2, 3]);
 * for (const options of [{}, { normalize: rowsToUnitSum }])
 *   console.log((await similarityPreservingLoss(teacher, student, options).data())[0]?.toFixed(4));
 * // 0.0625
 * // 0.0694
 * ```
 */
export function similarityPreservingLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: SimilarityPreservingLossOptions = {},
): Scalar {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options));
}

/** `similarityPreservingLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  { normalize }: Settings<typeof lossOptions.fields>,
): Scalar {
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  const [batch = 0] = teacherFeatures.shape;
  return tidy(() => {
    const normalised = (features: Tensor): Tensor => {
      const rows: unknown = normalize(similarities(features));
      checkFloat32(where, 'the value of options.normalize', rows);
      checkShape(where, 'the value of options.normalize', rows, [batch, batch]);
      return rows;
    };
    const ofTeacher = offTape(() => normalised(teacherFeatures));
    return mean<Scalar>(square(sub(normalised(studentFeatures), ofTeacher)));
  });
}
