import type { backend_util } from '@tensorflow/tfjs-core';

type Volumes = ReturnType<typeof backend_util.computePool3DInfo>;

/**
 * Calls `visit` with the position of every output of a pooling over volumes and the position of its window's
 * maximum.
 *
 * Among equal maxima the last one counts, as on the cpu backend.
 */
export function visitMaxima(
  x: Float32Array,
  info: Volumes,
  visit: (output: number, maximum: number) => void,
): void {
  const { padInfo, inDepth, inHeight, inWidth, inChannels } = info;
  let output = 0;
  for (let b = 0; b < info.batchSize; b++) {
    for (let d = 0; d < info.outDepth; d++) {
      const front = d * info.strideDepth - padInfo.front;
      for (let h = 0; h < info.outHeight; h++) {
        const top = h * info.strideHeight - padInfo.top;
        for (let w = 0; w < info.outWidth; w++) {
          const left = w * info.strideWidth - padInfo.left;
          for (let c = 0; c < inChannels; c++, output++) {
            let best = -Infinity;
            let maximum = -1;
            for (let i = Math.max(0, front); i < Math.min(inDepth, front + info.filterDepth); i++) {
              for (let j = Math.max(0, top); j < Math.min(inHeight, top + info.filterHeight); j++) {
                for (let l = Math.max(0, left); l < Math.min(inWidth, left + info.filterWidth); l++) {
                  const place = (((b * inDepth + i) * inHeight + j) * inWidth + l) * inChannels + c;
                  const value = x[place] as number;
                  // NaN stays the maximum, because every comparison with it is false.
                  if (value >= best || Number.isNaN(value)) {
                    best = value;
                    maximum = place;
                  }
                }
              }
            }
            visit(output, maximum);
          }
        }
      }
    }
  }
}
