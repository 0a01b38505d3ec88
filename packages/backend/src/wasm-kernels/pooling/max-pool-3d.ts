import { backend_util } from '@tensorflow/tfjs-core';
import type { KernelBackend, KernelFunc, MaxPool3DAttrs } from '@tensorflow/tfjs-core';
import type { Inputs } from '../convolution/windows.js';
import { floats, zeros } from '../heap.js';
import { visitMaxima } from '../../pooling/visit-maxima.js';

type Shape5D = [number, number, number, number, number];

/**
 * Max pooling over volumes. The stock wasm kernel starts from 1.2e-38, so it returns that for windows of
 * negative numbers.
 */
export const maxPool3d: KernelFunc = ({ inputs, attrs, ...given }) => {
  const { x } = inputs as Inputs<'x'>;
  const info = volumesOf(x.shape, attrs as unknown as MaxPool3DAttrs);
  const backend = given.backend as KernelBackend;
  const output = zeros(backend, info.outShape);
  const from = floats(backend, x);
  const to = floats(backend, output);
  visitMaxima(from, info, (place, maximum) => {
    to[place] = from[maximum] ?? -Infinity;
  });
  return output;
};

/** The gradient of max pooling over volumes: dy goes to the maximum of each window. */
export const maxPool3dGradient: KernelFunc = ({ inputs, attrs, ...given }) => {
  const { dy, input } = inputs as Inputs<'dy' | 'input'>;
  const info = volumesOf(input.shape, attrs as unknown as MaxPool3DAttrs);
  const backend = given.backend as KernelBackend;
  const gradient = zeros(backend, input.shape);
  const slope = floats(backend, dy);
  const dx = floats(backend, gradient);
  visitMaxima(floats(backend, input), info, (place, maximum) => {
    if (maximum >= 0) dx[maximum] = (dx[maximum] as number) + (slope[place] as number);
  });
  return gradient;
};

function volumesOf(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: MaxPool3DAttrs,
): ReturnType<typeof backend_util.computePool3DInfo> {
  return backend_util.computePool3DInfo(shape as Shape5D, filterSize, strides, 1, pad, dimRoundingMode);
}
