import { add, addN, div, minimum, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

// As in PyTorch, so that gradients of zero do not cause a division by zero.
const smallest = 1e-6;

/**
 * The factor on all gradients that limits their joint norm to `clipNorm`: `min(1, clipNorm / (‖g‖ + 1e-6))`,
 * where `‖g‖` is the root of the sum of all squares.
 *
 * Pascanu et al. 2013, On the difficulty of training recurrent neural networks, algorithm 1;
 * `torch.nn.utils.clip_grad_norm_`.
 */
export function clipCoefficient(gradients: readonly Tensor[], clipNorm: number): Scalar {
  const squares = gradients.map((gradient) => sum(square(gradient)));
  const length = sqrt(addN(squares));
  return minimum(div(clipNorm, add(length, smallest)), 1);
}
