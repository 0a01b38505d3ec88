import { backend_util, getBackend, mul, tensor } from '@tensorflow/tfjs-core';
import type { AvgPool3DAttrs, AvgPoolAttrs, Tensor } from '@tensorflow/tfjs-core';
import { positionsInside } from '../pooling/positions-inside.js';
import { withNumbersForRounding } from '../windows/with-numbers-for-rounding.js';
import type { MendedGradient } from './mended-gradient.js';

type Counts = readonly number[];

/**
 * The gradient of average pooling over images whose windows extend over the edge. Such a window is the mean
 * of the pixels inside, but tfjs divides its gradient by the full size of the window. So we multiply it by
 * that size over the number of pixels inside first. TensorFlow's gradient is right.
 */
export const averagePoolGradient: MendedGradient = (dy, saved, attrs, stock) => {
  const [x] = saved as [Tensor];
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as AvgPoolAttrs;
  const shape = x.shape as [number, number, number, number];
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { padInfo } = info;
  return ofPartialWindows(
    dy,
    [
      positionsInside(info.outHeight, info.strideHeight, padInfo.top, info.filterHeight, info.inHeight),
      positionsInside(info.outWidth, info.strideWidth, padInfo.left, info.filterWidth, info.inWidth),
    ],
    [info.filterHeight, info.filterWidth],
    (changed) => stock({ dy: changed, attrs: withNumbersForRounding(attrs, info) }),
  );
};

/** The same for average pooling over volumes. */
export const averagePool3dGradient: MendedGradient = (dy, saved, attrs, stock) => {
  const [x] = saved as [Tensor];
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as AvgPool3DAttrs;
  const shape = x.shape as [number, number, number, number, number];
  const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { padInfo } = info;
  return ofPartialWindows(
    dy,
    [
      positionsInside(info.outDepth, info.strideDepth, padInfo.front, info.filterDepth, info.inDepth),
      positionsInside(info.outHeight, info.strideHeight, padInfo.top, info.filterHeight, info.inHeight),
      positionsInside(info.outWidth, info.strideWidth, padInfo.left, info.filterWidth, info.inWidth),
    ],
    [info.filterDepth, info.filterHeight, info.filterWidth],
    (changed) => stock({ dy: changed }),
  );
};

function ofPartialWindows(
  dy: Tensor,
  inside: readonly Counts[],
  filter: readonly number[],
  stock: (dy: Tensor) => ReturnType<MendedGradient>,
): ReturnType<MendedGradient> {
  const isFull = inside.every((counts, axis) => counts.every((count) => count === filter[axis]));
  if (isFull || getBackend() === 'tensorflow') return undefined;
  // A window that lies outside as a whole has no gradient.
  const shares = inside.map((counts, axis) =>
    counts.map((count) => (count === 0 ? 0 : (filter[axis] as number) / count)),
  );
  const product = shares.reduce(
    (all, axis) => all.flatMap((share) => axis.map((other) => share * other)),
    [1],
  );
  const windows = tensor(product, [1, ...shares.map(({ length }) => length), 1]);
  return stock(mul(dy, windows));
}
