import { checkFeaturePair, checkShape, offTape, optionsOf, positive, rowsOfFeatures } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { cast, greater, mul, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

const where = 'activationBoundaryLoss';

/** Options of `activationBoundaryLoss`. */
export interface ActivationBoundaryLossOptions {
  /** How far from zero the student must be, > 0; default 1. */
  readonly margin?: number;
}

export const lossOptions: Options<
  ActivationBoundaryLossOptions,
  FieldsOf<ActivationBoundaryLossOptions, 'margin'>
> = optionsOf<ActivationBoundaryLossOptions>()({ margin: positive.default(1) });

/**
 * How far the student's neurons are from being on, or off, where the teacher's are:
 * `sum max(0, m - sign(t) s)²`, with `sign(t) = 1` for t > 0 and -1 otherwise.
 *
 * A neuron that is on the right side of zero by the margin m costs nothing, however large it is. So the
 * student learns the boundaries between on and off, and no values. The loss stands in for the number
 * of neurons on the wrong side, which has no gradient (Heo et al. 2019). No gradient flows to the teacher.
 *
 * @param teacherFeatures t, float32 `[B, ...]`, rank 2 or more, before the activation, or after a ReLU
 * @param studentFeatures s, float32 of the same shape, before the activation
 * @param options the margin
 * @returns float32 `[B]`, one value >= 0 per example, the sum over its neurons
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { activationBoundaryLoss } from '@kd/activation-boundary';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * // On, on and off; the student is right and sure, right but unsure, and wrong.
 * const [teacher, student] = [tensor2d([[0.5, 9, 0]]), tensor2d([[7, 0.5, 1]])];
 * console.log(await activationBoundaryLoss(teacher, student).array());
 * // [ 4.25 ]
 * ```
 */
export function activationBoundaryLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: ActivationBoundaryLossOptions = {},
): Tensor {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options));
}

/** `activationBoundaryLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  { margin }: Settings<typeof lossOptions.fields>,
): Tensor {
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  checkShape(where, 'studentFeatures', studentFeatures, teacherFeatures.shape);
  return tidy(() => {
    const sides = offTape(() => sub(mul(isPositive(teacherFeatures), 2), 1));
    const lacking = sub(margin, mul(sides, studentFeatures));
    // A ReLU would make zero of NaN on wasm. Masked before it is squared, what is large does not overflow.
    const hinge = mul(
      lacking,
      offTape(() => isPositive(lacking)),
    );
    return sum(square(hinge), studentFeatures.shape.map((_, axis) => axis).slice(1));
  });
}

function isPositive(x: Tensor): Tensor {
  return cast(greater(x, 0), 'float32');
}
