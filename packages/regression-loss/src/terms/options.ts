import { describeShape, fn, KdError, optionsOf, termOptions, text } from '@kd/core';
import type { FieldsOf, Options, Shape, TermOptions, ValueInfo } from '@kd/core';
import { squaredErrorLoss } from '../squared-error-loss.js';
import type { ValueLoss } from '../value-loss.js';

/** Options of a term on values. */
export interface ValueTermOptions extends TermOptions {
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

export const valueTermOptions: Options<
  ValueTermOptions,
  FieldsOf<ValueTermOptions, 'weight'>
> = optionsOf<ValueTermOptions>()({ output: text.optional(), ...termOptions.fields });

/** Options of a term that compares values by any loss. */
export interface ValueMatchingOptions extends ValueTermOptions {
  /** Compares the values to reach with the student's; default `squaredErrorLoss`. */
  readonly loss?: ValueLoss;
}

export const valueMatchingOptions: Options<
  ValueMatchingOptions,
  FieldsOf<ValueMatchingOptions, 'loss' | 'weight'>
> = optionsOf<ValueMatchingOptions>()({
  loss: fn<ValueLoss>().default(squaredErrorLoss),
  ...valueTermOptions.fields,
});

/** Throws `KD_TENSOR_SHAPE` if the known sizes of the values of teacher and student differ. */
export function checkEqualShapes(
  where: string,
  student: Pick<ValueInfo, 'shape'>,
  teacher: Pick<ValueInfo, 'shape'>,
): void {
  if (mayBeEqual(student.shape, teacher.shape)) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'the outputs of teacher and student',
    expected: 'of equal shape',
    received: `${describeShape(teacher.shape)} from the teacher and ${describeShape(student.shape)} from the student`,
    remedy: 'Give the student an output of the shape of the teacher; nothing is broadcast.',
  });
}

function mayBeEqual(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === null || (b[axis] ?? size) === size);
}
