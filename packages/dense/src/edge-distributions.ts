import type { FeatureShape, Shape } from '@kd/core';

/** For each location, the four edges of its box, and for each edge the logits of its bins. */
export const edgeDistributions: FeatureShape = {
  expected: 'of shape [B, ..., 4, bins] with 2 bins or more',
  fits: (shape) => shape.length >= 3 && shape.at(-2) === 4 && (shape.at(-1) ?? 2) >= 2,
  remedy: 'Reshape the output of the head: the edges of a box on the axis before the last, bins on the last.',
};

/** Distributions of the shape of the teacher's, as far as both are known. */
export function edgesOfShape(teacher: Shape): FeatureShape {
  return {
    ...edgeDistributions,
    expected: `${edgeDistributions.expected}, equal`,
    fits: (shape) =>
      edgeDistributions.fits(shape) &&
      shape.length === teacher.length &&
      shape.every((size, axis) => size === null || teacher[axis] === null || size === teacher[axis]),
  };
}
