import { mul, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkShape, describeShape, KdError, withGradient } from '@kd/core';

/** A loss per example `[B]` and its gradient with respect to the student's hint `[B, ...]`. */
export interface ValueAndGradient {
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/**
 * A loss between hints `[B, ...]` of equal shape. Its gradient is given and flows only to the student.
 *
 * The teacher's hint enters through the closure, which the tape does not see.
 */
export function lossOfStudentHint(
  where: string,
  teacherHint: Tensor,
  studentHint: Tensor,
  evaluate: (student: Tensor) => ValueAndGradient,
): Tensor {
  checkHint(where, 'teacherHint', teacherHint);
  checkHint(where, 'studentHint', studentHint);
  checkShape(where, 'studentHint', studentHint, teacherHint.shape);
  return withGradient(studentHint, (student) => {
    const { value, gradient } = evaluate(student);
    return { value, saved: [gradient], gradient: (dy, slope) => mul(perExample(dy, student), slope) };
  });
}

/** One number per example, `[B]`, reshaped to broadcast over the elements of that example. */
export function perExample(values: Tensor, like: Tensor): Tensor {
  return reshape(values, [-1, ...like.shape.slice(1).map(() => 1)]);
}

/** All axes but the batch axis. */
export function axesOfExample({ rank }: Tensor): number[] {
  return Array.from({ length: rank - 1 }, (_, axis) => axis + 1);
}

function checkHint(where: string, argument: string, hint: Tensor): void {
  checkFloat32(where, argument, hint);
  if (hint.rank >= 2 && hint.size > 0) return;
  const isEmpty = hint.size === 0;
  throw new KdError({
    code: isEmpty ? 'KD_BATCH_EMPTY' : 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: isEmpty ? 'a batch of at least one example' : 'of shape [B, ...], rank 2 or more',
    received: describeShape(hint.shape),
    remedy: isEmpty
      ? 'Drop empty batches before they reach the loss.'
      : 'Put the examples on the first axis.',
  });
}
