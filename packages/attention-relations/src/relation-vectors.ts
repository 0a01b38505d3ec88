import type { FeatureShape, Shape } from '@kd/core';

/** A vector for each position, which splits into so many relation heads. */
export function relationVectors(heads: number): FeatureShape {
  return {
    expected: `of shape [B, L, D], D divisible by ${String(heads)} heads`,
    fits: (shape) => shape.length === 3 && (shape[2] ?? 0) % heads === 0,
    remedy: 'Join the attention heads on the last axis, and choose heads that divide both widths.',
  };
}

/** The same with as many positions as the teacher has, as far as both are known. */
export function relationVectorsAt(heads: number, teacher: Shape): FeatureShape {
  const vectors = relationVectors(heads);
  return {
    ...vectors,
    expected: `${vectors.expected}, of equally many positions`,
    fits: (shape) => {
      const [one, other] = [shape[1], teacher[1]];
      return vectors.fits(shape) && (one === null || other === null || one === other);
    },
  };
}
