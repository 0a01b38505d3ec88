import { matMul, reshape, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Maps `[B, H, W, C]` of another size: row i of n is the row `floor(i H / n)`, and columns likewise. */
export function resizeNearest(maps: Tensor, height: number, width: number): Tensor {
  const [batch = 0, fullHeight = 0, fullWidth = 0, channels = 0] = maps.shape;
  let resized = maps;
  // By matrices, because the gradient of tfjs's own resizing is wrong for a batch on cpu.
  if (height !== fullHeight) {
    const columns = reshape(resized, [batch, fullHeight, fullWidth * channels]);
    resized = reshape(matMul(picks(fullHeight, height), columns), [batch, height, fullWidth, channels]);
  }
  if (width !== fullWidth) {
    const rows = reshape(resized, [batch * height, fullWidth, channels]);
    resized = reshape(matMul(picks(fullWidth, width), rows), [batch, height, width, channels]);
  }
  return resized;
}

/** A matrix `[to, from]`: each row picks one. */
function picks(from: number, to: number): Tensor {
  return tensor2d(
    Array.from({ length: to }, (_, row) => {
      const picked = Math.floor((row * from) / to);
      return Array.from({ length: from }, (_, at) => (at === picked ? 1 : 0));
    }),
  );
}
