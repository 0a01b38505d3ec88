import {
  checkFeaturePair,
  checkFloat32,
  checkShape,
  fn,
  offTape,
  oneOf,
  optionsOf,
  rowsOfFeatures,
  vectorLengths,
} from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { div, mean, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { gaussian } from './gaussian.js';
import type { Kernel } from './kernel.js';
import { rowsOf } from './rows.js';

const where = 'correlationLoss';

/** Options of `correlationLoss`. */
export interface CorrelationLossOptions {
  /** A function from rows to their similarities; default `gaussian()`. */
  readonly kernel?: Kernel;
  /** The norm of the difference, squared as in the paper (the default), or not, as in torchdistill. */
  readonly distance?: 'squared' | 'norm';
}

export const lossOptions: Options<
  CorrelationLossOptions,
  FieldsOf<CorrelationLossOptions, 'kernel' | 'distance'>
> = optionsOf<CorrelationLossOptions>()({
  kernel: fn<Kernel>().default(gaussian()),
  distance: oneOf('squared', 'norm').default('squared'),
});

/**
 * How differently the examples of a batch correlate for student and teacher: `1/B² ||K(s) - K(t)||²`.
 *
 * `K` is a kernel, which says how alike each two examples are. The flattened features of an example are one
 * row. The loss does not depend on the order of the batch, and no gradient flows to the teacher (Peng et al.
 * 2019).
 *
 * @param teacherFeatures t, float32 `[B, ...]`, rank 2 or more, finite, of any size for the default kernel
 * @param studentFeatures s, float32 `[B, ...]`, rank 2 or more; only B must agree
 * @param options kernel and distance
 * @returns a float32 scalar >= 0 for the whole batch
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { bilinear, correlationLoss } from '@kd/correlation';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([1, 0, 0, 1], [2, 2]), tensor2d([1, 1, 0, 1, 0, 2], [2, 3])];
 * for (const options of [{}, { kernel: bilinear }])
 *   console.log((await correlationLoss(teacher, student, options).data())[0]?.toFixed(4));
 * // 0.0082
 * // 4.7500
 * ```
 */
export function correlationLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: CorrelationLossOptions = {},
): Scalar {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options));
}

/** `correlationLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  { kernel, distance }: Settings<typeof lossOptions.fields>,
): Scalar {
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  const [batch = 0] = teacherFeatures.shape;
  return tidy(() => {
    const similarities = (features: Tensor): Tensor => {
      const all: unknown = kernel(rowsOf(features));
      checkFloat32(where, 'the value of options.kernel', all);
      checkShape(where, 'the value of options.kernel', all, [batch, batch]);
      return all;
    };
    const ofTeacher = offTape(() => similarities(teacherFeatures));
    const difference = sub(similarities(studentFeatures), ofTeacher);
    return distance === 'squared'
      ? mean(square(difference))
      : div(vectorLengths(difference, [0, 1]), batch ** 2);
  });
}
