import { cast, div, equal, mul, reshape, sum, util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/** The gradient of `max`. */
export const maxGradient: MendedGradient = shared('reductionIndices');

/** The gradient of `min`. */
export const minGradient: MendedGradient = shared('axis');

/**
 * The gradient of a maximum or minimum over axes: equal extremes share it, as in TensorFlow. tfjs gives each
 * of them the whole, so that the slope along `(1, 1)` of `max(a, a)` is 2.
 */
function shared(axisName: string): MendedGradient {
  return (dy, saved, attrs) => {
    const [x, y] = saved as [Tensor, Tensor];
    const axes = util.parseAxisParam(attrs[axisName] as number[], x.shape);
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return {
      x: () => {
        const isExtreme = cast(equal(x, reshape(y, kept)), 'float32');
        return mul(div(reshape(dy, kept), sum(isExtreme, axes, true)), isExtreme);
      },
    };
  };
}
