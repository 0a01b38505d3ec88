import { backend_util, util } from '@tensorflow/tfjs-core';
import type { KernelFunc, MaxPool3DAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { HostBackend } from '../pooling/exact-pooling.js';
import { visitMaxima } from '../pooling/visit-maxima.js';

/**
 * The gradient of max pooling over volumes. The stock kernel is right only for windows that are cubes; those
 * it still computes.
 */
export function maxPool3dGradient(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { dy, input } = given.inputs as Record<'dy' | 'input', TensorInfo>;
    const { filterSize, strides, pad, dimRoundingMode } = given.attrs as unknown as MaxPool3DAttrs;
    if (new Set([filterSize].flat()).size === 1) return stock(given);
    const backend = given.backend as HostBackend;
    const shape = input.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const slope = backend.readSync(dy.dataId) as Float32Array;
    const gradient = new Float32Array(util.sizeFromShape(shape));
    visitMaxima(backend.readSync(input.dataId) as Float32Array, info, (place, maximum) => {
      if (maximum >= 0) gradient[maximum] = (gradient[maximum] as number) + (slope[place] as number);
    });
    return { dataId: backend.write(gradient, shape, 'float32'), shape, dtype: 'float32' };
  };
}
