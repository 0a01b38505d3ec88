import { add, mul, neg, reshape, rsqrt, sub } from '@tensorflow/tfjs-core';
import type { FusedBatchNormAttrs, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';
import { sumToShape } from './sum-to-shape.js';

/**
 * The gradient of batch normalisation whose statistics are broadcast, as for channels that are not the last
 * axis. tfjs leaves out the sums over the other axes, and then throws because the shapes differ.
 */
export const batchNormalizationGradient: MendedGradient = (dy, saved, attrs) => {
  const [x, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor];
  if (mean.rank === 1 || mean.size === x.size) return undefined;
  const { varianceEpsilon } = attrs as unknown as FusedBatchNormAttrs;
  const r = rsqrt(add(variance, varianceEpsilon));
  const scaled = mul(scale, r);
  const normalised = (): Tensor => mul(sub(x, mean), r);
  const summed = (gradient: Tensor): Tensor => sumToShape(gradient, mean.shape);
  return {
    x: () => reshape(mul(dy, scaled), x.shape),
    mean: () => neg(mul(summed(dy), scaled)),
    variance: () => mul(summed(mul(dy, normalised())), mul(mul(scaled, r), -0.5)),
    scale: () => summed(mul(dy, normalised())),
    offset: () => summed(dy),
  };
};
