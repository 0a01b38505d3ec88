import { reshape, sum, util } from '@tensorflow/tfjs-core';
import type { Tensor, TileAttrs } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/** The gradient of `tile` for more than four axes, which tfjs refuses: the sum over the copies. */
export const tileGradient: MendedGradient = (dy, saved, attrs) => {
  const [x] = saved as [Tensor];
  const { reps } = attrs as unknown as TileAttrs;
  if (x.rank <= 4) return undefined;
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
