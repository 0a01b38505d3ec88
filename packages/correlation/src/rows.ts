import type { FeatureShape } from '@kd/core';
import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Features that give each example a row. */
export const rowsOfFeatures: FeatureShape = {
  expected: 'of shape [B, ..., D]',
  fits: ({ length }) => length >= 2,
  remedy: 'Put the examples on the first axis and their features on the others.',
};

/** The features of each example, flattened. */
export function rowsOf(features: Tensor): Tensor {
  return reshape(features, [features.shape[0], -1]);
}
