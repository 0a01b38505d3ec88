import type { KernelBackend, KernelFunc } from '@tensorflow/tfjs-core';
import { floats, zeros } from '../heap.js';
import { visitPairs, volumesOf } from './volumes.js';
import type { VolumeAttributes } from './volumes.js';
import type { Inputs } from './windows.js';

/**
 * The gradient of a 3D convolution with respect to its filter: each pair of voxels adds `x[input] dy[output]`
 * to `dW[tap]`. The stock wasm kernel is wrong for strides above 1.
 */
export const conv3dFilterGradient: KernelFunc = (given) => {
  const { x, dy } = given.inputs as Inputs<'x' | 'dy'>;
  const attributes = given.attrs as unknown as VolumeAttributes & { filterShape: number[] };
  const backend = given.backend as KernelBackend;
  const info = volumesOf(x.shape, attributes.filterShape, attributes);
  const { inChannels, outChannels } = info;
  const gradient = zeros(backend, attributes.filterShape);
  const image = floats(backend, x);
  const slope = floats(backend, dy);
  // In float64, because each sum has as many terms as the batch has voxels.
  const sums = new Float64Array(floats(backend, gradient).length);
  visitPairs(info, (input, output, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const value = image[input * inChannels + c] as number;
      const row = (tap * inChannels + c) * outChannels;
      for (let k = 0; k < outChannels; k++) {
        sums[row + k] = (sums[row + k] as number) + value * (slope[output * outChannels + k] as number);
      }
    }
  });
  floats(backend, gradient).set(sums);
  return gradient;
};
