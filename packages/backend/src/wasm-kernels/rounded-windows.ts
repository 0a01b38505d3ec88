import { backend_util } from '@tensorflow/tfjs-core';
import type { KernelFunc, MaxPoolAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { withNumbersForRounding } from '../windows/with-numbers-for-rounding.js';
import type { Inputs, WindowAttributes } from './convolution/windows.js';

type Shape4D = [number, number, number, number];

/** A convolution with the padding as numbers if its output size is not rounded down. */
export function roundedConvolution(stock: KernelFunc, depthwise: boolean): KernelFunc {
  return (given) => {
    const { strides, dilations, pad, dimRoundingMode, dataFormat } =
      given.attrs as unknown as WindowAttributes;
    if (isDown(dimRoundingMode) || dataFormat === 'NCHW') return stock(given);
    const { x, filter } = given.inputs as Inputs<'x' | 'filter'>;
    const [image, window] = [x.shape as Shape4D, filter.shape as Shape4D];
    const info = backend_util.computeConv2DInfo(
      image,
      window,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise,
    );
    return stock({ ...given, attrs: withNumbersForRounding(given.attrs ?? {}, info) });
  };
}

/** The same for a pooling over images. */
export function roundedPooling(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { filterSize, strides, pad, dimRoundingMode } = given.attrs as unknown as MaxPoolAttrs;
    if (isDown(dimRoundingMode)) return stock(given);
    const { shape } = given.inputs['x'] as TensorInfo;
    const image = shape as Shape4D;
    const info = backend_util.computePool2DInfo(image, filterSize, strides, 1, pad, dimRoundingMode);
    return stock({ ...given, attrs: withNumbersForRounding(given.attrs ?? {}, info) });
  };
}

function isDown(mode: string | undefined): boolean {
  return mode === undefined || mode === 'floor';
}
