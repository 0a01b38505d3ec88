import { square, stack, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel } from '@kd/core';

/** The sum of the squares of all gradients, a scalar. Call it in a `tidy`. */
export function squaredNorm(gradients: Readonly<Record<string, Tensor | null>>): Tensor {
  const given = Object.entries(gradients).filter((entry): entry is [string, Tensor] => entry[1] !== null);
  const [fused] = fusedKernel('SumOfSquares', Object.fromEntries(given)) ?? [];
  return fused ?? sum(stack(given.map(([, gradient]) => sum(square(gradient)))));
}
