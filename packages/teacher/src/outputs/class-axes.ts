import type { Shape } from '@kd/core';

/**
 * The axes along which an output may have its classes: the last one, and the second of four, which models of
 * PyTorch have until `channelsFirstTeacher` puts it last.
 */
export function classAxes(shape: Shape): readonly number[] {
  return shape.length === 4 ? [3, 1] : [shape.length - 1];
}

/** Whether the number of classes is known. */
export function areClassesAlong(shape: Shape): boolean {
  return classAxes(shape).some((axis) => typeof shape[axis] === 'number');
}
