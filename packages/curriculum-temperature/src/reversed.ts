import { withGradient } from '@kd/core';
import { clone, mul, neg } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The same value, whose gradient is turned round and multiplied by λ (Ganin and Lempitsky 2015). */
export function reversed(x: Tensor, lambda: Tensor): Tensor {
  return withGradient(x, (value) => ({
    value: clone(value),
    saved: [lambda],
    gradient: (dy, by) => neg(mul(dy, by)),
  }));
}
