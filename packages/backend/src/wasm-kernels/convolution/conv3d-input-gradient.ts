import type { KernelBackend, KernelFunc } from '@tensorflow/tfjs-core';
import { floats, zeros } from '../heap.js';
import { visitPairs, volumesOf } from './volumes.js';
import type { VolumeAttributes } from './volumes.js';
import type { Inputs } from './windows.js';

/**
 * The gradient of a 3D convolution with respect to its input: each pair of voxels adds `W[tap] dy[output]` to
 * `dx[input]`. The stock wasm kernel is wrong.
 */
export const conv3dInputGradient: KernelFunc = (given) => {
  const { dy, filter } = given.inputs as Inputs<'dy' | 'filter'>;
  const attributes = given.attrs as unknown as VolumeAttributes & { inputShape: number[] };
  const backend = given.backend as KernelBackend;
  const info = volumesOf(attributes.inputShape, filter.shape, attributes);
  const { inChannels, outChannels } = info;
  const gradient = zeros(backend, attributes.inputShape);
  const dx = floats(backend, gradient);
  const slope = floats(backend, dy);
  const weights = floats(backend, filter);
  visitPairs(info, (input, output, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const row = (tap * inChannels + c) * outChannels;
      let sum = 0;
      for (let k = 0; k < outChannels; k++) {
        sum += (weights[row + k] as number) * (slope[output * outChannels + k] as number);
      }
      const place = input * inChannels + c;
      dx[place] = (dx[place] as number) + sum;
    }
  });
  return gradient;
};
