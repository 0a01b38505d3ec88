import { broadcast_util, reshape, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Sums a gradient over the axes along which an input of this shape was broadcast. */
export function sumToShape(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = broadcast_util.getReductionAxes([...shape], gradient.shape);
  return reshape(axes.length === 0 ? gradient : sum(gradient, axes), [...shape]);
}
