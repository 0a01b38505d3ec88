import { backend_util } from '@tensorflow/tfjs-core';
import type { KernelFunc, MaxPoolGradAttrs } from '@tensorflow/tfjs-core';
import { floats, zeros } from '../heap.js';
import type { Inputs } from '../convolution/windows.js';

/**
 * The gradient of max pooling: dy goes to the first maximum of each window.
 *
 * For a window of negative numbers, the stock kernel takes the first pixel as the maximum. It also searches
 * every window around every pixel; this one searches every window once.
 */
export const maxPoolGradient: KernelFunc = ({ inputs, backend, attrs }) => {
  const { dy, input, output } = inputs as Inputs<'dy' | 'input' | 'output'>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
  const shape = input.shape as [number, number, number, number];
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const channels = info.inChannels;
  const gradient = zeros(backend as never, shape);
  const x = floats(backend as never, input);
  const y = floats(backend as never, output);
  const slope = floats(backend as never, dy);
  const dx = floats(backend as never, gradient);
  const open = new Uint8Array(channels);
  let window = 0;
  for (let b = 0; b < info.batchSize; b++) {
    for (let h = 0; h < info.outHeight; h++) {
      for (let w = 0; w < info.outWidth; w++, window += channels) {
        const top = h * info.strideHeight - info.padInfo.top;
        const left = w * info.strideWidth - info.padInfo.left;
        open.fill(1);
        for (let row = Math.max(0, top); row < Math.min(info.inHeight, top + info.filterHeight); row++) {
          for (
            let column = Math.max(0, left);
            column < Math.min(info.inWidth, left + info.filterWidth);
            column++
          ) {
            const pixel = ((b * info.inHeight + row) * info.inWidth + column) * channels;
            for (let c = 0; c < channels; c++) {
              if (open[c] === 1 && x[pixel + c] === y[window + c]) {
                open[c] = 0;
                dx[pixel + c] = (dx[pixel + c] as number) + (slope[window + c] as number);
              }
            }
          }
        }
      }
    }
  }
  return gradient;
};
