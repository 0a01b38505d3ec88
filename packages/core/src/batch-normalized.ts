import { add, div, mean, mul, sqrt, square, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// As in PyTorch's layer.
const leastVariance = 1e-5;

/**
 * Batch normalisation by the statistics of this batch, `scale (x - mean) / sqrt(variance + 1e-5) + offset`,
 * channel by channel, also outside a training: for modules, which are no part of the student and keep no
 * running statistics (Ioffe and Szegedy 2015).
 *
 * @param x float32 `[..., C]`
 * @param scale float32 `[C]`
 * @param offset float32 `[C]`
 * @returns float32 of the shape of x
 *
 * @example
 * ```ts
 * import { batchNormalized } from '@kd/core';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const y = await batchNormalized(tensor2d([1, 3], [2, 1]), tensor1d([2]), tensor1d([10])).data();
 * console.log(Array.from(y, (value) => value.toFixed(3)).join(' '));
 * // 8.000 12.000
 * ```
 */
export function batchNormalized(x: Tensor, scale: Tensor, offset: Tensor): Tensor {
  const axes = x.shape.slice(1).map((_, axis) => axis);
  return tidy(() => {
    const centred = sub(x, mean(x, axes, true));
    const deviation = sqrt(add(mean(square(centred), axes, true), leastVariance));
    return add(mul(div(centred, deviation), scale), offset);
  });
}
