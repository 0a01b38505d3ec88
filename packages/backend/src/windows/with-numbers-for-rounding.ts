import type { NamedAttrMap, backend_util } from '@tensorflow/tfjs-core';

/** The windows of a convolution or pooling over images. */
export type ImageWindows = Pick<
  backend_util.Conv2DInfo,
  | 'inHeight'
  | 'inWidth'
  | 'outHeight'
  | 'outWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'effectiveFilterHeight'
  | 'effectiveFilterWidth'
  | 'padInfo'
>;

/**
 * The attributes of a convolution or pooling with the padding as four numbers, chosen so that the last
 * window ends at the edge and no size needs rounding. Unchanged if sizes are rounded down anyway.
 *
 * tfjs's gradients leave `dimRoundingMode` out, and its wasm kernels use it only for the size of the output,
 * of which they leave the last row and column unwritten.
 */
export function withNumbersForRounding(attrs: NamedAttrMap, windows: ImageWindows): NamedAttrMap {
  const { dimRoundingMode, dataFormat } = attrs;
  if (dimRoundingMode == null || dimRoundingMode === 'floor') return attrs;
  const { padInfo } = windows;
  const missing = (out: number, stride: number, filter: number, size: number, start: number): number =>
    Math.max(0, (out - 1) * stride + filter - size - start);
  const { outHeight, strideHeight, effectiveFilterHeight, inHeight } = windows;
  const { outWidth, strideWidth, effectiveFilterWidth, inWidth } = windows;
  const rows = [padInfo.top, missing(outHeight, strideHeight, effectiveFilterHeight, inHeight, padInfo.top)];
  const columns = [padInfo.left, missing(outWidth, strideWidth, effectiveFilterWidth, inWidth, padInfo.left)];
  const pad = dataFormat === 'NCHW' ? [[0, 0], [0, 0], rows, columns] : [[0, 0], rows, columns, [0, 0]];
  return { ...attrs, pad, dimRoundingMode: undefined } as unknown as NamedAttrMap;
}
