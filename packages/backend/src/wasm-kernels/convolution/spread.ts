import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { floats, zeros } from '../heap.js';
import type { Windows } from './windows.js';

/**
 * The gradient with respect to a convolution's output, with rows and columns moved apart by the stride and
 * padded by zeros. Its valid convolution with the mirrored filter is the gradient with respect to the input.
 *
 * A window that starts at input row r covers rows r to r + (filter - 1) dilation. Mirrored, its gradient
 * belongs at row r + (filter - 1) dilation of an image that is that much higher than the input.
 */
export function spread(backend: KernelBackend, dy: TensorInfo, windows: Windows): TensorInfo {
  const { batch, input, output, filter, stride, dilation, pad } = windows;
  const reach = {
    height: (filter.height - 1) * dilation.height,
    width: (filter.width - 1) * dilation.width,
  };
  const height = input.height + reach.height;
  const width = input.width + reach.width;
  const { channels } = output;
  const image = zeros(backend, [batch, height, width, channels]);
  const from = floats(backend, dy);
  const to = floats(backend, image);
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < output.height; y++) {
      const row = y * stride.height - pad.top + reach.height;
      // With explicit padding, a window can lie completely outside the image.
      if (row < 0 || row >= height) continue;
      for (let x = 0; x < output.width; x++) {
        const column = x * stride.width - pad.left + reach.width;
        if (column < 0 || column >= width) continue;
        let source = ((b * output.height + y) * output.width + x) * channels;
        let target = ((b * height + row) * width + column) * channels;
        for (const end = source + channels; source < end; source++, target++) to[target] = from[source] ?? 0;
      }
    }
  }
  return image;
}
