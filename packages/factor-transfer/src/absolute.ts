import { offTape, signOf } from '@kd/core';
import { mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The size of each element; its gradient is 0 at 0, where that of tfjs's `abs` is -1. */
export function absolute(x: Tensor): Tensor {
  return mul(
    x,
    offTape(() => signOf(x)),
  );
}
