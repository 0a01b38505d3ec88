import { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';

/** Throws `KD_TENSOR_TYPE` unless `value` is a live tensor. */
export function checkTensor(where: string, argument: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor && !value.isDisposed) return;
  throw new KdError({
    code: 'KD_TENSOR_TYPE',
    where,
    argument,
    expected: 'a live tensor',
    received: describeValue(value),
    remedy: 'Pass a tf.Tensor that was not disposed.',
  });
}

/** Throws unless `value` is a live float32 tensor. */
export function checkFloat32(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkTensor(where, argument, value);
  if (value.dtype === 'float32') return;
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: 'a float32 tensor',
    received: describeValue(value),
    remedy: 'Cast it: tf.cast(x, "float32").',
  });
}

/**
 * Throws unless `value` is a float32 tensor `[..., N]` of rank 2 or more with examples and at least
 * `minimumClasses` classes on its last axis.
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
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument,
      expected: `of shape [B, ..., N] with N >= ${String(minimumClasses)}`,
      received: describeShape(value.shape),
      remedy: 'Put the examples on the first axis and the classes on the last.',
    });
  }
  if (value.size === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument,
      expected: 'a batch of at least one example',
      received: describeShape(value.shape),
      remedy: 'Drop empty batches before they reach the loss.',
    });
  }
}

/** Throws `KD_TENSOR_SHAPE` unless `value` has exactly `shape`. */
export function checkShape(where: string, argument: string, value: Tensor, shape: readonly number[]): void {
  if (value.rank === shape.length && shape.every((size, axis) => size === value.shape[axis])) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: `of shape ${describeShape(shape)}`,
    received: describeShape(value.shape),
    remedy: 'Nothing is broadcast; reshape one of the two.',
  });
}

/**
 * Throws unless `teacher` and `student` are float32 `[B, ..., N]` of equal shape: `KD_CLASSES_MISMATCH` if only the
 * class counts differ, `KD_TENSOR_SHAPE` otherwise.
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
  const teacherClasses = teacher.shape[teacher.rank - 1];
  const studentClasses = student.shape[student.rank - 1];
  if (teacher.rank === student.rank && teacherClasses !== studentClasses) {
    throw new KdError({
      code: 'KD_CLASSES_MISMATCH',
      where,
      argument: `${teacherArgument} and ${studentArgument}`,
      expected: 'of equal numbers of classes',
      received: `${describeShape(teacher.shape)} and ${describeShape(student.shape)}`,
      remedy: 'Align the classes of teacher and student first.',
    });
  }
  checkShape(where, studentArgument, student, teacher.shape);
}
