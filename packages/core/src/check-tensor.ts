import { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';
import type { KdErrorParts } from './kd-error.js';

/** The parts of an error about a wrong shape, without code and received value. */
type ShapeFault = Pick<KdErrorParts, 'where' | 'argument' | 'expected' | 'remedy'>;

/** The error `KD_TENSOR_SHAPE` for one tensor. */
export function shapeFault(fault: ShapeFault, shape: readonly number[]): KdError {
  return new KdError({ ...fault, code: 'KD_TENSOR_SHAPE', received: describeShape(shape) });
}

/** Throws `KD_TENSOR_TYPE` unless `value` is a live tensor. */
export function checkTensor(where: string, argument: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor && !value.isDisposed) return;
  const fault = { expected: 'a live tensor', remedy: 'Pass a tf.Tensor that is not disposed.' };
  throw new KdError({ code: 'KD_TENSOR_TYPE', where, argument, received: describeValue(value), ...fault });
}

/** Throws unless `value` is a live float32 tensor. */
export function checkFloat32(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkTensor(where, argument, value);
  if (value.dtype === 'float32') return;
  const fault = { expected: 'a float32 tensor', remedy: 'Cast it: tf.cast(x, "float32").' };
  throw new KdError({ code: 'KD_TENSOR_DTYPE', where, argument, received: describeValue(value), ...fault });
}

/** Throws unless `value` is a live int32 or float32 tensor, as class ids must be. */
export function checkClassIds(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkTensor(where, argument, value);
  if (value.dtype === 'int32' || value.dtype === 'float32') return;
  const expected = 'an int32 or float32 tensor';
  const remedy = 'Pass class ids, the index of the class for each example.';
  const received = describeValue(value);
  throw new KdError({ code: 'KD_TENSOR_DTYPE', where, argument, expected, received, remedy });
}

/** Throws `KD_BATCH_EMPTY` for a tensor without examples. */
export function checkNotEmpty(where: string, argument: string, { size, shape }: Tensor): void {
  if (size > 0) return;
  const expected = 'a batch of at least one example';
  const remedy = 'Drop empty batches before they reach the loss.';
  const received = describeShape(shape);
  throw new KdError({ code: 'KD_BATCH_EMPTY', where, argument, expected, received, remedy });
}

/**
 * Throws unless `value` is a float32 tensor `[..., N]` of rank 2 or more, with at least one example and
 * `minimumClasses` classes.
 */
export function checkClassTensor(
  where: string,
  argument: string,
  value: unknown,
  minimumClasses: number,
): asserts value is Tensor {
  checkFloat32(where, argument, value);
  const classes = value.shape[value.rank - 1] ?? 0;
  if (value.rank < 2 || classes < minimumClasses) {
    const expected = `of shape [B, ..., N] with N >= ${String(minimumClasses)}`;
    const remedy = 'Put the examples on the first axis and the classes on the last.';
    throw shapeFault({ where, argument, expected, remedy }, value.shape);
  }
  checkNotEmpty(where, argument, value);
}

/** Throws `KD_TENSOR_SHAPE` unless `value` has exactly `shape`. */
export function checkShape(where: string, argument: string, value: Tensor, shape: readonly number[]): void {
  if (value.rank === shape.length && shape.every((size, axis) => size === value.shape[axis])) return;
  const expected = `of shape ${describeShape(shape)}`;
  throw shapeFault(
    { where, argument, expected, remedy: 'Reshape one of the two; nothing is broadcast.' },
    value.shape,
  );
}

/**
 * Throws unless both are float32 `[B, ..., N]` of equal shape: `KD_CLASSES_MISMATCH` if only N differs,
 * otherwise `KD_TENSOR_SHAPE`.
 */
export function checkTeacherAndStudent(
  where: string,
  teacherArgument: string,
  teacher: unknown,
  studentArgument: string,
  student: unknown,
  minimumClasses: number,
): void {
  checkClassTensor(where, teacherArgument, teacher, minimumClasses);
  checkClassTensor(where, studentArgument, student, minimumClasses);
  if (teacher.rank === student.rank && teacher.shape.at(-1) !== student.shape.at(-1)) {
    throw new KdError({
      code: 'KD_CLASSES_MISMATCH',
      where,
      argument: `${teacherArgument} and ${studentArgument}`,
      expected: 'tensors with equal numbers of classes',
      received: `${describeShape(teacher.shape)} and ${describeShape(student.shape)}`,
      remedy: 'Align the classes of teacher and student first.',
    });
  }
  checkShape(where, studentArgument, student, teacher.shape);
}
