import { describeShape, KdError } from '@kd/core';
import type { Shape } from '@kd/core';

/**
 * Throws `KD_TENSOR_SHAPE` unless two shapes `[..., V]` agree in all axes but the last, as far as they are
 * known.
 */
export function checkSamePositions(where: string, teacher: Shape, student: Shape): void {
  const agrees = (size: number | null, axis: number): boolean =>
    size === null || teacher[axis] === null || size === teacher[axis];
  if (student.length === teacher.length && student.slice(0, -1).every(agrees)) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'the logits of teacher and student',
    expected: 'of equally many examples and positions; only the vocabularies may differ',
    received: `${describeShape(teacher)} and ${describeShape(student)}`,
    remedy: 'Cut both to the shorter length before the models, or pad the shorter text and mask the rest.',
  });
}
