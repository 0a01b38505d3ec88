import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { activated } from '../activated.js';
import { windowsOf } from '../convolution/windows.js';
import type { Inputs, WindowAttributes, Windows } from '../convolution/windows.js';
import { floats, zeros } from '../heap.js';
import { largestSum } from './sums-of-products.js';

/**
 * A depthwise convolution that keeps NaN. The stock kernel turns NaN into -Infinity, and its activation turns
 * that into a number. Unless all numbers are certainly finite, this one uses a loop of its own.
 */
export function exactDepthwise(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x, filter } = given.inputs as Inputs<'x' | 'filter'>;
    const attributes = given.attrs as unknown as WindowAttributes;
    if (attributes.dataFormat === 'NCHW' || largestSum(given, ['x', 'filter']) !== undefined)
      return stock(given);
    const backend = given.backend as KernelBackend;
    const windows = windowsOf(x.shape, filter.shape, attributes, true);
    const { batch, output } = windows;
    const linear = zeros(backend, [batch, output.height, output.width, output.channels]);
    const bias = given.inputs['bias'] as TensorInfo | null | undefined;
    if (bias != null) fillRows(floats(backend, linear), floats(backend, bias));
    convolve(floats(backend, x), floats(backend, filter), floats(backend, linear), windows);
    const result = activated(given, linear);
    if (result !== linear) backend.disposeData(linear.dataId);
    return result;
  };
}

function fillRows(to: Float32Array, row: Float32Array): void {
  for (let start = 0; start < to.length; start += row.length) to.set(row, start);
}

/** Adds the products of each window to `to`, without the padding. */
function convolve(x: Float32Array, filter: Float32Array, to: Float32Array, windows: Windows): void {
  const { batch, input, output, stride, dilation, pad } = windows;
  const multiplier = output.channels / input.channels;
  for (let place = 0; place < batch * output.height * output.width; place++) {
    const column = place % output.width;
    const row = Math.floor(place / output.width) % output.height;
    const image = Math.floor(place / (output.width * output.height));
    for (let i = 0; i < windows.filter.height; i++) {
      const h = row * stride.height - pad.top + i * dilation.height;
      if (h < 0 || h >= input.height) continue;
      for (let j = 0; j < windows.filter.width; j++) {
        const w = column * stride.width - pad.left + j * dilation.width;
        if (w < 0 || w >= input.width) continue;
        const pixel = ((image * input.height + h) * input.width + w) * input.channels;
        const weights = (i * windows.filter.width + j) * output.channels;
        for (let c = 0; c < output.channels; c++) {
          const product = (x[pixel + Math.floor(c / multiplier)] as number) * (filter[weights + c] as number);
          const at = place * output.channels + c;
          to[at] = (to[at] as number) + product;
        }
      }
    }
  }
}
