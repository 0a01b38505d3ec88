import { describeShape, describeValue, KdError } from '@kd/core';
import type { Shape } from '@kd/core';

/** A hint as a map: vectors are maps with one position, sequences maps with one row. */
export interface MapShape {
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number;
}

/**
 * Reads `[B, N]`, `[B, L, N]` or `[B, H, W, N]` as a map. Throws for other ranks and for unknown channels.
 */
export function mapShapeOf(where: string, argument: string, shape: Shape): MapShape {
  if (!isShape(shape)) throw noHint(where, argument, describeValue(shape));
  const [height, width] = shape.length === 4 ? shape.slice(1) : [1, shape.length === 3 ? shape[1] : 1];
  const channels = shape.at(-1);
  if (shape.length >= 2 && shape.length <= 4 && typeof channels === 'number' && channels > 0) {
    return { height: height ?? null, width: width ?? null, channels };
  }
  throw noHint(where, argument, describeShape(shape));
}

function isShape(shape: unknown): boolean {
  return (
    Array.isArray(shape) && shape.every((size) => size === null || (Number.isSafeInteger(size) && size > 0))
  );
}

function noHint(where: string, argument: string, received: string): KdError {
  return new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: '[B, N], [B, L, N] or [B, H, W, N] of whole numbers > 0, with N known',
    received,
    remedy: 'Tap a layer that outputs vectors, sequences or feature maps.',
  });
}

/** The error for two shapes without a regressor (of a kind). */
export function cannotMap(
  where: string,
  student: Shape,
  teacher: Shape,
  reason: string,
  remedy: string,
): KdError {
  return new KdError({
    code: 'KD_HINT_SHAPES',
    where,
    argument: 'the student and teacher shapes',
    expected: reason,
    received: `${describeShape(student)} of the student and ${describeShape(teacher)} of the teacher`,
    remedy,
  });
}
