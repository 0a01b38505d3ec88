import type { KernelFunc } from '@tensorflow/tfjs-core';
import { composed } from '../../composed.js';
import { spread } from './spread.js';
import { windowsOf } from './windows.js';
import type { Inputs, WindowAttributes } from './windows.js';

interface Attributes extends WindowAttributes {
  readonly inputShape: readonly [number, number, number, number];
}

/**
 * The gradient of a depthwise convolution with respect to its input: dy, spread by the stride, is convolved
 * depthwise with the mirrored filter, then summed over the outputs of each input channel.
 */
export const depthwiseInputGradient: KernelFunc = ({ inputs, backend, attrs }) => {
  const { dy, filter } = inputs as Inputs<'dy' | 'filter'>;
  const attributes = attrs as unknown as Attributes;
  const windows = windowsOf(attributes.inputShape, filter.shape, attributes, true);
  const { batch, input, output, dilation } = windows;
  return composed(backend as never, (run, temporary) => {
    const image = temporary(spread(backend as never, dy, windows));
    const mirrored = run('Reverse', { x: filter }, { dims: [0, 1] });
    const shape = [windows.filter.height, windows.filter.width, output.channels, 1];
    const perOutput = run('Reshape', { x: mirrored }, { shape });
    const options = { strides: 1, pad: 'valid', dilations: [dilation.height, dilation.width] };
    const gradient = run('DepthwiseConv2dNative', { x: image, filter: perOutput }, options);
    const multiplier = output.channels / input.channels;
    if (multiplier === 1) return gradient;
    const split = [batch, input.height, input.width, input.channels, multiplier];
    return run('Sum', { x: run('Reshape', { x: gradient }, { shape: split }) }, { axis: 4, keepDims: false });
  });
};
