import { describeShape, KdError } from '@kd/core';
import type { Shape } from '@kd/core';

/** The error for inputs of a layer that do not fit it, or not each other. */
export function shapesFault(
  where: string,
  argument: string,
  expected: string,
  shapes: readonly Shape[],
  remedy: string,
): KdError {
  const received = shapes.length === 0 ? 'nothing' : shapes.map(describeShape).join(' and ');
  return new KdError({ code: 'KD_TENSOR_SHAPE', where, argument, expected, received, remedy });
}

/** Whether two sizes are equal, as far as they are known. */
export function agree(a: number | null | undefined, b: number | null | undefined): boolean {
  return a == null || b == null || a === b;
}

/** Whether a shape is `[B, L, D]` with a known D. */
export function isSequence(
  shape: Shape | undefined,
): shape is readonly [number | null, number | null, number] {
  return shape?.length === 3 && typeof shape[2] === 'number';
}

/** tfjs passes a single shape as itself or in an array. */
export function listOfShapes(shapes: Shape | readonly Shape[]): readonly Shape[] {
  return Array.isArray(shapes[0]) ? (shapes as readonly Shape[]) : [shapes as Shape];
}
