import { engine, ones, zeros } from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * Batch normalisation that can be differentiated without a scale or an offset.
 *
 * tfjs's tape keeps the inputs of a kernel, and fails on those that are undefined. So while a gradient is
 * being computed, they become a scale of one and an offset of zero after the kernel has run.
 */
export function withAllInputs(stock: KernelFunc): KernelFunc {
  return (given) => {
    const output = stock(given);
    if (engine().state.gradientDepth === 0) return output;
    const inputs = given.inputs;
    const { shape } = inputs['mean'] as TensorInfo;
    inputs['scale'] ??= ones(shape);
    inputs['offset'] ??= zeros(shape);
    return output;
  };
}
