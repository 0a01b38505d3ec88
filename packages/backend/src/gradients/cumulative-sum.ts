import { cumsum, util } from '@tensorflow/tfjs-core';
import type { CumsumAttrs, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/**
 * The gradient of `cumsum`: the sum from the other end, along the same axis. For any axis but the last one,
 * tfjs transposes the result, which gives wrong values for cubes and an error for other shapes.
 */
export const cumulativeSumGradient: MendedGradient = (dy, saved, attrs) => {
  const [x] = saved as [Tensor];
  const { axis, exclusive, reverse } = attrs as unknown as CumsumAttrs;
  const [along] = util.parseAxisParam(axis, x.shape);
  return { x: () => cumsum(dy, along, exclusive, !reverse) };
};
