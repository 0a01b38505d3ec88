import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { windowsOf } from './windows.js';
import type { Inputs, WindowAttributes } from './windows.js';

/**
 * A convolution that replaces padding "same" by numbers if the stride is longer than the filter. In that case
 * the stock wasm kernels compute a negative padding, give up, and return uninitialised memory.
 */
export function withNumbersForSame(stock: KernelFunc, depthwise: boolean): KernelFunc {
  return (given) => {
    const { x, filter } = given.inputs as Inputs<'x' | 'filter'>;
    const attributes = given.attrs as unknown as WindowAttributes;
    if (attributes.pad !== 'same' || attributes.dataFormat === 'NCHW') return stock(given);
    return stock({
      ...given,
      attrs: { ...given.attrs, pad: paddingOf(x, filter, attributes, depthwise) },
    });
  };
}

function paddingOf(
  x: TensorInfo,
  filter: TensorInfo,
  attributes: WindowAttributes,
  depthwise: boolean,
): WindowAttributes['pad'] {
  const windows = windowsOf(x.shape, filter.shape, attributes, depthwise);
  const { stride, pad } = windows;
  if (stride.height <= windows.filter.height && stride.width <= windows.filter.width) return 'same';
  return [
    [0, 0],
    [pad.top, pad.bottom],
    [pad.left, pad.right],
    [0, 0],
  ];
}
