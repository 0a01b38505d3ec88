import { backend_util } from '@tensorflow/tfjs-core';
import type { MaxPool3DAttrs, MaxPoolAttrs } from '@tensorflow/tfjs-core';

/** The positions of pooling windows in a volume with channels last. */
export type PoolWindows = ReturnType<typeof backend_util.computePool3DInfo>;

/** The windows of a pooling over images, treated as volumes of depth one. */
export function windowsOfImages(shape: readonly number[], attrs: MaxPoolAttrs): PoolWindows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const images = backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const oneLayer = { inDepth: 1, outDepth: 1, strideDepth: 1, filterDepth: 1 };
  return { ...images, ...oneLayer, padInfo: { ...images.padInfo, front: 0 } } as unknown as PoolWindows;
}

/** The windows of a pooling over volumes. */
export function windowsOfVolumes(shape: readonly number[], attrs: MaxPool3DAttrs): PoolWindows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const volumes = shape as [number, number, number, number, number];
  return backend_util.computePool3DInfo(volumes, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Combines the numbers of each window with `combine`, in the order of the output. */
export function pooled(
  x: ArrayLike<number>,
  { padInfo, ...info }: PoolWindows,
  combine: (window: readonly number[]) => number,
): Float32Array {
  const outputs: number[] = [];
  for (let b = 0; b < info.batchSize; b++)
    for (let d = 0; d < info.outDepth; d++)
      for (let h = 0; h < info.outHeight; h++)
        for (let w = 0; w < info.outWidth; w++) {
          const layers = inside(d * info.strideDepth - padInfo.front, info.filterDepth, info.inDepth);
          const rows = inside(h * info.strideHeight - padInfo.top, info.filterHeight, info.inHeight);
          const columns = inside(w * info.strideWidth - padInfo.left, info.filterWidth, info.inWidth);
          const pixels = layers.flatMap((i) =>
            rows.flatMap((j) =>
              columns.map((k) => ((b * info.inDepth + i) * info.inHeight + j) * info.inWidth + k),
            ),
          );
          for (let c = 0; c < info.inChannels; c++)
            outputs.push(combine(pixels.map((pixel) => x[pixel * info.inChannels + c] as number)));
        }
  return Float32Array.from(outputs);
}

/** The positions of a window along one axis, without padding. */
function inside(start: number, size: number, end: number): number[] {
  return Array.from({ length: size }, (_, index) => start + index).filter((at) => at >= 0 && at < end);
}
