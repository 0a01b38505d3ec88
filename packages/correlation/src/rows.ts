import { reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The features of each example, flattened. */
export function rowsOf(features: Tensor): Tensor {
  return reshape(features, [features.shape[0], -1]);
}
