import { reshape, sum, util } from '@tensorflow/tfjs-core';
import type { Tensor, TileAttrs } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

// tfjs takes a slice and an addition for each copy. For few that is fast, and keeps its bits.
const fewCopies = 8;

/**
 * The gradient of `tile`, the sum over the copies, for more than four axes, which tfjs refuses, and for many
 * copies: tfjs-layers normalises a layer `[16, 64, 128]` by tiling its statistics and weights, and its
 * gradient would take 4,600 operations.
 */
export const tileGradient: MendedGradient = (dy, saved, attrs) => {
  const [x] = saved as [Tensor];
  const { reps } = attrs as unknown as TileAttrs;
  if (x.rank <= 4 && util.sizeFromShape(reps) <= fewCopies) return undefined;
  return {
    x: () => {
      const summed = reps.reduce((gradient: Tensor, copies, axis) => {
        if (copies === 1) return gradient;
        const before = util.sizeFromShape(x.shape.slice(0, axis));
        return sum(reshape(gradient, [before, copies, -1]), 1);
      }, dy);
      return reshape(summed, x.shape);
    },
  };
};
