import { backend_util, cast, cumprod, mul, reshape, transpose, util } from '@tensorflow/tfjs-core';
import type { ProdAttrs, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/**
 * The gradient of `prod`: for each element the product of all others, as the product of those before and
 * those after it, which is right for zeros too. tfjs throws without the union package, and for negative axes.
 */
export const productGradient: MendedGradient = (dy, saved, attrs) => {
  const [x] = saved as [Tensor];
  const { axis } = attrs as unknown as ProdAttrs;
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const kept = x.shape.map((_, index) => index).filter((index) => !axes.includes(index));
  const order = [...kept, ...axes];
  const sizes = order.map((index) => x.shape[index] as number);
  const rows = util.sizeFromShape(sizes.slice(0, kept.length));
  return {
    x: () => {
      const factors = reshape(transpose(cast(x, 'float32'), order), [rows, -1]);
      const others = mul(cumprod(factors, 1, true, false), cumprod(factors, 1, true, true));
      const gradient = reshape(mul(others, reshape(dy, [rows, 1])), sizes);
      return transpose(gradient, backend_util.getUndoAxesPermutation(order));
    },
  };
};
