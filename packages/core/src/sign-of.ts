import { cast, greater, less, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** -1, 0 or 1. tfjs's own on wasm takes everything within 1e-7 of zero for zero. */
export function signOf(x: Tensor): Tensor {
  return sub(cast(greater(x, 0), 'float32'), cast(less(x, 0), 'float32'));
}
