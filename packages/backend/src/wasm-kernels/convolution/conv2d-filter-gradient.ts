import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../../composed.js';
import type { RunKernel } from '../../composed.js';
import { windowsOf } from './windows.js';
import type { Inputs, WindowAttributes, Windows } from './windows.js';

interface Attributes extends WindowAttributes {
  readonly filterShape: readonly [number, number, number, number];
}

/**
 * The gradient of a convolution with respect to its filter, computed as a convolution.
 *
 * `dW[i, j, c, k] = sum over b, h, w of x[b, s h + i, s w + j, c] dy[b, h, w, k]` is a valid convolution of x
 * with the filter dy and the dilation s, where the channels of x act as batch and its batch as channels.
 */
export const conv2dFilterGradient: KernelFunc = ({ inputs, backend, attrs }) => {
  const { x, dy } = inputs as Inputs<'x' | 'dy'>;
  const attributes = attrs as unknown as Attributes;
  const windows = windowsOf(x.shape, attributes.filterShape, attributes, false);
  const { height, width } = windows.stride;
  return composed(backend as never, (run) => {
    const image = run('Transpose', { x: coveredBy(windows, x, run) }, { perm: [3, 1, 2, 0] });
    const filter = run('Transpose', { x: dy }, { perm: [1, 2, 0, 3] });
    const options = { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: [height, width] };
    const gradient = run('Conv2D', { x: image, filter }, options);
    return run('Transpose', { x: gradient }, { perm: [1, 2, 0, 3] });
  });
};

/** The part of the padded image that the windows cover. */
function coveredBy(
  { batch, input, output, filter, stride, pad }: Windows,
  x: TensorInfo,
  run: RunKernel,
): TensorInfo {
  const height = (output.height - 1) * stride.height + filter.height;
  const width = (output.width - 1) * stride.width + filter.width;
  const bottom = Math.max(0, height - pad.top - input.height);
  const right = Math.max(0, width - pad.left - input.width);
  const paddings = [
    [0, 0],
    [pad.top, bottom],
    [pad.left, right],
    [0, 0],
  ];
  const padded = run('PadV2', { x }, { paddings, constantValue: 0 });
  return run('Slice', { x: padded }, { begin: [0, 0, 0, 0], size: [batch, height, width, input.channels] });
}
