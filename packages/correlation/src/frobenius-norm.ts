import { withGradient } from '@kd/core';
import { div, maximum, mul, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// Below this, squares vanish in float32, and a quotient by their root could be longer than 1.
const shortest = 1e-18;

/** `sqrt(sum x²)`, with the gradient 0 where x is zero: that of tfjs is 0 / 0 there. */
export function frobeniusNorm(matrix: Tensor): Tensor {
  return withGradient(matrix, (x) => {
    const value = sqrt(sum(square(x)));
    const unit = div(x, maximum(value, shortest));
    return { value, saved: [unit], gradient: (dy, along) => mul(dy, along) };
  });
}
