import { checkFeatures, checkShape, withGradient } from '@kd/core';
import type { FeatureShape } from '@kd/core';
import { div, expandDims, mean, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * A loss of values: takes the values to reach, a teacher's or the true ones, and the student's values of the
 * same shape `[B, ..., N]`, and returns float32 `[B, ...]`. Use `squaredErrorLoss`, `absoluteErrorLoss`,
 * `huberLoss`, or your own function that tfjs can differentiate.
 */
export type ValueLoss = (targets: Tensor, studentValues: Tensor) => Tensor;

/** A loss `[B, ...]` and its gradient with respect to the student's values `[B, ..., N]`. */
export interface ValueAndGradient {
  readonly value: Tensor;
  readonly gradient: Tensor;
}

const values: FeatureShape = {
  expected: 'of shape [B, ..., N]',
  fits: ({ length }) => length >= 2,
  remedy: 'Put the examples on the first axis and the values of each on the last, also if N is 1.',
};

/** Throws unless `value` is float32 `[B, ..., N]` without an empty axis. */
export function checkValues(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkFeatures(where, argument, value, values);
}

/**
 * A loss whose gradient is given and flows only to the student: the targets enter through the closure, which
 * the tape does not see.
 */
export function lossOfStudent(
  studentValues: Tensor,
  evaluate: (studentValues: Tensor) => ValueAndGradient,
): Tensor {
  return withGradient(studentValues, (student) => {
    const { value, gradient } = evaluate(student);
    return { value, saved: [gradient], gradient: (dy, slope) => mul(expandDims(dy, -1), slope) };
  });
}

/** The error of each value, given `d = student - target`, and its derivative. */
export type ErrorOf = (difference: Tensor) => { readonly error: Tensor; readonly slope: Tensor };

/** The mean error over the last axis, and its gradient. */
export function meanError(targets: Tensor, studentValues: Tensor, errorOf: ErrorOf): ValueAndGradient {
  const { error, slope } = errorOf(sub(studentValues, targets));
  return { value: mean(error, -1), gradient: div(slope, studentValues.shape.at(-1) ?? 1) };
}

/** `meanError` as a loss, after a check of its arguments. */
export function meanErrorLoss(
  where: string,
  targets: Tensor,
  studentValues: Tensor,
  errorOf: ErrorOf,
): Tensor {
  checkValues(where, 'targets', targets);
  checkValues(where, 'studentValues', studentValues);
  checkShape(where, 'studentValues', studentValues, targets.shape);
  return lossOfStudent(studentValues, (student) => meanError(targets, student, errorOf));
}
