import { cos, log, mul, reshape, sqrt, sub, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Seed } from './seed.js';
import { seededUniform } from './seeded-uniform.js';

/**
 * Random numbers of the standard normal distribution that depend on nothing but a seed and a place.
 *
 * `sqrt(-2 ln(1 - u)) cos(2 π v)` of two independent uniform numbers u and v (Box and Muller 1958), at most
 * 5.65 in size. The uniform numbers are those of `seededUniform`, so backends differ only by the rounding of
 * these functions.
 *
 * @param shape the shape of the result
 * @param seed changes from step to step, as for `seededUniform`
 * @param place says which draw of the step this is
 * @returns float32 tensor of the shape, without a gradient
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { seededNormal } from '@kd/core';
 * const noise = seededNormal([4], 1, 0);
 * console.log(Array.from(await noise.data(), (value) => value.toFixed(3)).join(' '));
 * // 0.141 0.861 -0.449 -0.506
 * ```
 */
export function seededNormal(shape: readonly number[], seed: Seed, place: number): Tensor {
  return tidy(() => {
    const size = shape.reduce((a, b) => a * b, 1);
    // Flat, because not all backends slice tensors of rank 7.
    const [u, v] = unstack(seededUniform([2, size], seed, place)) as [Tensor, Tensor];
    // Of 1 - u, which is never 0.
    const radius = sqrt(mul(log(sub(1, u)), -2));
    return reshape(mul(radius, cos(mul(v, 2 * Math.PI))), [...shape]);
  });
}
