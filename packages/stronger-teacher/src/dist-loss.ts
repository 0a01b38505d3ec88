import { checkTeacherAndStudent, nonNegative, offTape, optionsOf, temperatureOption } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import {
  add,
  div,
  maximum,
  mean,
  mul,
  reshape,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** Options of `distLoss`. */
export interface DistLossOptions {
  /** Weight β of the relations between the classes of an example, >= 0; default 1. */
  readonly beta?: number;
  /** Weight γ of the relations between the examples of a class, >= 0; default 1. */
  readonly gamma?: number;
  /** Temperature T of teacher and student, > 0; default 1. */
  readonly temperature?: number;
}

/** The same, read; a term passes a temperature that a schedule changes as a tensor. */
interface LossSettings {
  readonly beta: number;
  readonly gamma: number;
  readonly temperature: Tensor | number;
}

export const lossOptions: Options<
  DistLossOptions,
  FieldsOf<DistLossOptions, 'beta' | 'gamma' | 'temperature'>
> = optionsOf<DistLossOptions>()({
  beta: nonNegative.default(1),
  gamma: nonNegative.default(1),
  temperature: temperatureOption.default(1),
});

/**
 * How little the student's probabilities correlate with the teacher's, between the classes of each example
 * and between the examples of each class: `T² (β mean_i (1 - r(p_i, q_i)) + γ mean_c (1 - r(p_c, q_c)))`.
 *
 * r is Pearson's correlation, p_i a row of `softmax(v / T)` and p_c a column. A student need not repeat the
 * teacher's probabilities, only which are larger and by what share (Huang et al. 2022, eq. 9 to 11). A row or
 * column without differences has no correlation, r = 0, and no gradient.
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2; each position counts as an example
 * @param studentLogits z, float32 of the same shape
 * @param options β, γ and T
 * @returns a float32 scalar for the whole batch, from 0 to 2 T² (β + γ); no gradient flows to the teacher
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_CLASSES_MISMATCH`;
 *   `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { distLoss } from '@kd/stronger-teacher';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const teacher = tensor2d([[4, 1, 0], [0, 3, 1]]); // prettier-ignore
 * const student = tensor2d([[2, 0, 1], [1, 2, 0]]); // prettier-ignore
 * console.log((await distLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.7170
 * ```
 */
export function distLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: DistLossOptions = {},
): Scalar {
  const where = 'distLoss';
  const settings = lossOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return tidy(() => lossOf(teacherLogits, studentLogits, settings));
}

/** `distLoss` of checked arguments. */
export function lossOf(teacher: Tensor, student: Tensor, { beta, gamma, temperature }: LossSettings): Scalar {
  const probabilities = (logits: Tensor): Tensor =>
    softmax(reshape(div(logits, temperature), [-1, logits.shape.at(-1) as number]));
  const q = probabilities(student);
  const p = offTape(() => probabilities(teacher));
  const apart = (axis: number): Tensor =>
    mean(
      sub(
        1,
        sum(
          mul(
            unit(q, axis),
            offTape(() => unit(p, axis)),
          ),
          axis,
        ),
      ),
    );
  return mul(add(mul(apart(1), beta), mul(apart(0), gamma)), mul(temperature, temperature));
}

// Differences of probabilities below this are rounding errors of float32.
const smallest = 1e-6;

/** Centred, and of length 1, along an axis; zero if nothing differs. */
function unit(x: Tensor, axis: number): Tensor {
  const centred = sub(x, mean(x, axis, true));
  return div(centred, sqrt(maximum(sum(square(centred), axis, true), smallest ** 2)));
}
