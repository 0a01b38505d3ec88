import { cast, greater, less, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** -1, 0 or 1. On wasm, `tf.sign` returns 0 for numbers within 1e-7 of zero. */
export function signOf(x: Tensor): Tensor {
  return sub(cast(greater(x, 0), 'float32'), cast(less(x, 0), 'float32'));
}
