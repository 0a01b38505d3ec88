// All losses in one form, for the tests that hold for each of them.
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { absoluteErrorLoss, huberLoss, squaredErrorLoss, teacherBoundedLoss } from '../src/index.js';

/** The options of a loss, and the true values where it needs them. */
export interface LossParams {
  readonly delta?: number;
  readonly margin?: number;
}

export type LossName = 'squaredErrorLoss' | 'absoluteErrorLoss' | 'huberLoss' | 'teacherBoundedLoss';

type Loss = (teacher: Tensor, student: Tensor, trueValues: Tensor, params: LossParams) => Tensor;

/** Each loss by its name, of a teacher, a student and true values. */
export const losses: Readonly<Record<LossName, Loss>> = {
  squaredErrorLoss: (t, s) => squaredErrorLoss(t, s),
  absoluteErrorLoss: (t, s) => absoluteErrorLoss(t, s),
  huberLoss: (t, s, _, params) => huberLoss(t, s, params),
  teacherBoundedLoss: (teacherValues, s, trueValues, params) =>
    teacherBoundedLoss({ teacherValues, trueValues }, s, params),
};

/** Values of a shape without ties: differences of two such tensors are no multiples of 0.5. */
export function valuesOf(shape: readonly number[], phase: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    (_, index) => 2 * Math.sin(phase + 1.7 * index + phase * index),
  );
  return tensor(values, [...shape]);
}
