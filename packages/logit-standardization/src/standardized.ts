import { checkClassTensor } from '@kd/core';
import { div, maximum, mean, mul, sqrt, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// Logits that deviate less than this are equal up to rounding; a smaller divisor would enlarge that.
const smallest = 1e-6;

/**
 * Logits of each example with mean 0 and deviation 1: `(z - mean(z)) / s`,
 * `s² = sum_c (z_c - mean(z))² / (N - 1)`.
 *
 * What is left is how far the classes are apart compared with each other, and not how sure the model is of
 * this example (Sun et al. 2024, eq. 10). Logits that are all equal become zeros. Differentiable.
 *
 * @param logits float32 `[B, ..., N]`, N >= 2
 * @returns float32 of the same shape
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { standardized } from '@kd/logit-standardization';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const z = await standardized(tensor2d([1, 2, 3, 10, 20, 30], [2, 3])).data();
 * console.log(z.join(' '));
 * // -1 0 1 -1 0 1
 * ```
 */
export function standardized(logits: Tensor): Tensor {
  checkClassTensor('standardized', 'logits', logits, 2);
  return tidy(() => {
    const centred = sub(logits, mean(logits, -1, true));
    const factor = 1 / ((logits.shape.at(-1) as number) - 1);
    const variance = mul(sum(square(centred), -1, true), factor);
    return div(centred, sqrt(maximum(variance, smallest ** 2)));
  });
}
