import { backend_util } from '@tensorflow/tfjs-core';

type Shape5D = [number, number, number, number, number];

/** The positions of the windows of a 3D convolution. */
export type Volumes = ReturnType<typeof backend_util.computeConv3DInfo>;

/** The attributes of a 3D convolution kernel that describe its windows. */
export interface VolumeAttributes {
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid';
}

/** The windows of a 3D convolution with channels last, the only data format that tfjs supports there. */
export function volumesOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad }: VolumeAttributes,
): Volumes {
  return backend_util.computeConv3DInfo(inputShape as Shape5D, filterShape as Shape5D, strides, 1, pad);
}

/**
 * Calls `visit` for every pair of an output voxel and an input voxel in its window, with their positions in
 * voxels and the position of the connecting filter tap.
 */
export function visitPairs(info: Volumes, visit: (input: number, output: number, tap: number) => void): void {
  const { padInfo, filterDepth, filterHeight, filterWidth, inDepth, inHeight, inWidth } = info;
  let output = 0;
  for (let b = 0; b < info.batchSize; b++) {
    for (let d = 0; d < info.outDepth; d++) {
      for (let h = 0; h < info.outHeight; h++) {
        for (let w = 0; w < info.outWidth; w++, output++) {
          for (let i = 0; i < filterDepth; i++) {
            const depth = d * info.strideDepth - padInfo.front + i;
            if (depth < 0 || depth >= inDepth) continue;
            for (let j = 0; j < filterHeight; j++) {
              const row = h * info.strideHeight - padInfo.top + j;
              if (row < 0 || row >= inHeight) continue;
              for (let l = 0; l < filterWidth; l++) {
                const column = w * info.strideWidth - padInfo.left + l;
                if (column < 0 || column >= inWidth) continue;
                const input = ((b * inDepth + depth) * inHeight + row) * inWidth + column;
                visit(input, output, (i * filterHeight + j) * filterWidth + l);
              }
            }
          }
        }
      }
    }
  }
}
