import type { FeatureShape, Shape } from '@kd/core';

/** What each position looks at, by attention head, before the softmax. */
export const attentionScores: FeatureShape = {
  expected: 'of shape [B, heads, L, L]',
  fits: ({ length, [2]: from, [3]: to }) => length === 4 && (from === to || from === null || to === null),
  remedy: 'Tap the scores of an attention layer, before the softmax.',
};

/** Scores of the shape of the teacher's, as far as both are known. */
export function attentionScoresAs(teacher: Shape): FeatureShape {
  return {
    ...attentionScores,
    expected: `${attentionScores.expected}, equal`,
    fits: (shape) =>
      attentionScores.fits(shape) &&
      shape.every((size, axis) => size === null || teacher[axis] === null || size === teacher[axis]),
  };
}
