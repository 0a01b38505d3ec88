import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { floats } from '../heap.js';
import { windowsOf } from './windows.js';
import type { Inputs, WindowAttributes } from './windows.js';

interface Attributes extends WindowAttributes {
  readonly filterShape: readonly [number, number, number, number];
}

/**
 * The gradient of a depthwise convolution with respect to its filter.
 *
 * `dW[i, j, c, q] = sum over b, h, w of x[b, s h + d i, s w + d j, c] dy[b, h, w, c q]` has few elements,
 * each a sum over all pixels. No wasm kernel is fast at that, so a plain loop over the heap reads each pixel
 * once.
 */
export const depthwiseFilterGradient: KernelFunc = ({ inputs, backend, attrs }) => {
  const { x, dy } = inputs as Inputs<'x' | 'dy'>;
  const attributes = attrs as unknown as Attributes;
  const windows = windowsOf(x.shape, attributes.filterShape, attributes, true);
  const { batch, input, output, filter, stride, dilation, pad } = windows;
  const multiplier = output.channels / input.channels;
  const gradient = (backend as BackendWasm).makeOutput([...attributes.filterShape], 'float32');
  const image = floats(backend as never, x);
  const slope = floats(backend as never, dy);
  // In float64, because each sum has as many terms as the batch has pixels.
  const sums = new Float64Array(filter.height * filter.width * output.channels);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < output.height; h++) {
      for (let i = 0; i < filter.height; i++) {
        const row = h * stride.height - pad.top + i * dilation.height;
        if (row < 0 || row >= input.height) continue;
        for (let w = 0; w < output.width; w++) {
          const ofSlope = ((b * output.height + h) * output.width + w) * output.channels;
          for (let j = 0; j < filter.width; j++) {
            const column = w * stride.width - pad.left + j * dilation.width;
            if (column < 0 || column >= input.width) continue;
            const ofImage = ((b * input.height + row) * input.width + column) * input.channels;
            const ofSums = (i * filter.width + j) * output.channels;
            addProducts(sums, ofSums, image, ofImage, slope, ofSlope, input.channels, multiplier);
          }
        }
      }
    }
  }
  floats(backend as never, gradient).set(sums);
  return gradient;
};

function addProducts(
  sums: Float64Array,
  ofSums: number,
  image: Float32Array,
  ofImage: number,
  slope: Float32Array,
  ofSlope: number,
  channels: number,
  multiplier: number,
): void {
  for (let c = 0; c < channels; c++) {
    const value = image[ofImage + c] as number;
    for (let q = 0; q < multiplier; q++) {
      const k = c * multiplier + q;
      sums[ofSums + k] = (sums[ofSums + k] as number) + value * (slope[ofSlope + k] as number);
    }
  }
}
