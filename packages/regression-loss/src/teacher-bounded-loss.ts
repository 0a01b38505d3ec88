import { check, checkShape, nonNegative, optionsOf } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { add, equal, expandDims, lessEqual, where as select, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { squaredError } from './squared-error-loss.js';
import { checkValues, lossOfStudent, meanError } from './value-loss.js';

/** Options of `teacherBoundedLoss`. */
export interface TeacherBoundedLossOptions {
  /** By how much the student has to beat the teacher's squared error to be left alone, >= 0; default 0. */
  readonly margin?: number;
}

export const teacherBoundedLossOptions: Options<
  TeacherBoundedLossOptions,
  FieldsOf<TeacherBoundedLossOptions, 'margin'>
> = optionsOf<TeacherBoundedLossOptions>()({ margin: nonNegative.default(0) });

/** What a student learns, and how well it has to: the true values and the teacher's. */
export interface BoundedTargets {
  /** Float32 `[B, ..., N]`. */
  readonly teacherValues: Tensor;
  /** The true values, float32 of the same shape. */
  readonly trueValues: Tensor;
}

const values = check<Tensor>('a float32 tensor [B, ..., N]', ({ where, argument }, value) => {
  checkValues(where, argument, value);
  return value;
});
const boundedTargets = optionsOf<BoundedTargets>()({ teacherValues: values, trueValues: values });

/**
 * Squared error to the true values, but only where the student is not yet better than the teacher: `e(s)` if
 * `e(s) + m > e(t)`, else 0; `e(x) = 1/N sum (x - y)²`.
 *
 * A teacher of regression may be wrong without bound, even in its direction, so it is no target; it says how
 * good is good enough. The paper sums over the last axis: multiply by N, and divide its margin by N (Chen et
 * al. 2017, section 3.3). The gradient flows only to the student.
 *
 * @param targets the teacher's values t and the true values y, float32 `[B, ..., N]`
 * @param studentValues s, float32 of the same shape
 * @param options margin m, in the squared unit of the values
 * @returns float32 `[B, ...]`, one value >= 0 per example or position; the reduction is the caller's
 * @throws `KD_OPTION_RANGE` unless m is finite and >= 0; `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`,
 *   `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { teacherBoundedLoss } from '@kd/regression-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const trueValues = tensor2d([[0, 0], [0, 0]]);
 * const teacherValues = tensor2d([[1, 1], [2, 2]]);
 * const student = tensor2d([[2, 0], [1, 1]]);
 * for (const margin of [0, 3.5])
 *   console.log(await teacherBoundedLoss({ teacherValues, trueValues }, student, { margin }).array());
 * // [ 2, 0 ]
 * // [ 2, 1 ]
 * ```
 */
export function teacherBoundedLoss(
  targets: BoundedTargets,
  studentValues: Tensor,
  options: TeacherBoundedLossOptions = {},
): Tensor {
  const where = 'teacherBoundedLoss';
  const { teacherValues, trueValues } = boundedTargets.read(where, targets, 'targets');
  const { margin } = teacherBoundedLossOptions.read(where, options);
  checkValues(where, 'studentValues', studentValues);
  checkShape(where, 'studentValues', studentValues, trueValues.shape);
  checkShape(where, 'targets.teacherValues', teacherValues, trueValues.shape);
  return lossOfStudent(studentValues, (student) => {
    const { value: error, gradient } = meanError(trueValues, student, squaredError);
    const { value: bound } = meanError(trueValues, teacherValues, squaredError);
    // Asked this way round, a NaN of the student is not within the bound, and stays.
    const isWithin = lessEqual(add(error, margin), bound);
    const value = select(isWithin, zerosLike(error), error);
    return {
      value: select(equal(bound, bound), value, bound),
      gradient: select(expandDims(isWithin, -1), zerosLike(gradient), gradient),
    };
  });
}
