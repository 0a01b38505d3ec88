import { backend_util } from '@tensorflow/tfjs-core';
import type { Conv2DAttrs, MaxPoolAttrs, Tensor } from '@tensorflow/tfjs-core';
import { withNumbersForRounding } from '../windows/with-numbers-for-rounding.js';
import type { MendedGradient } from './mended-gradient.js';

type Shape4D = [number, number, number, number];

/** The gradient of a convolution whose output size is rounded up, which tfjs's gradient leaves out. */
export const convolutionGradient: MendedGradient = (_, saved, attrs, stock) => {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs as unknown as Conv2DAttrs;
  if (isDown(dimRoundingMode)) return undefined;
  const [x, filter] = saved.map(({ shape }) => shape) as [Shape4D, Shape4D];
  const format = backend_util.convertConv2DDataFormat(dataFormat);
  const info = backend_util.computeConv2DInfo(
    x,
    filter,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    format,
  );
  return stock({ attrs: withNumbersForRounding(attrs, info) });
};

/** The same for max pooling. */
export const maxPoolGradient: MendedGradient = (_, saved, attrs, stock) => {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolAttrs;
  if (isDown(dimRoundingMode)) return undefined;
  const [{ shape }] = saved as [Tensor];
  const info = backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  return stock({ attrs: withNumbersForRounding(attrs, info) });
};

function isDown(mode: string | undefined): boolean {
  return mode === undefined || mode === 'floor';
}
