import type { ExampleShape } from '../subject.js';

/**
 * Where the positions of a mask lie in the shape of an example: on its first axes, or else on every axis as
 * long as a sequence, as in attention scores `[heads, L, L]`. A group of axes for each time.
 */
export function axesOfPositions(shape: ExampleShape, mask: ExampleShape): readonly (readonly number[])[] {
  if (mask.every((size, axis) => shape[axis] === size)) return [mask.map((_, axis) => axis)];
  if (mask.length !== 1) return [];
  return shape.flatMap((size, axis) => (size === mask[0] ? [[axis]] : []));
}

/** The positions, as indices of the mask of an example, that one of its numbers belongs to. */
export function positionsOf(shape: ExampleShape, mask: ExampleShape, index: number): readonly number[] {
  const place = (axis: number): number => {
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Math.floor(index / inner) % (shape[axis] as number);
  };
  return axesOfPositions(shape, mask).map((axes) =>
    axes.reduce((position, axis) => position * (shape[axis] as number) + place(axis), 0),
  );
}
