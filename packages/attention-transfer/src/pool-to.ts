import { avgPool, matMul, reshape, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Average pooling of `[B, H, W, C]` to a height and width that are no larger: cell i of n is the mean of the
 * rows (columns) from `floor(i H / n)` up to `ceil((i + 1) H / n)`, as in PyTorch's adaptive pooling. Cells
 * overlap if n does not divide H.
 */
export function poolTo(features: Tensor, height: number, width: number): Tensor {
  return poolByMatrices(poolWhereSizesDivide(features, height, width), height, width);
}

// A matrix would work here too, but takes several times as long on wasm.
function poolWhereSizesDivide(features: Tensor, height: number, width: number): Tensor {
  const [, fullHeight = 0, fullWidth = 0] = features.shape;
  const cell = [fullHeight / height, fullWidth / width].map((size) => (Number.isInteger(size) ? size : 1));
  if (cell.every((size) => size === 1)) return features;
  return avgPool(features as Tensor4D, cell as [number, number], cell as [number, number], 'valid');
}

function poolByMatrices(features: Tensor, height: number, width: number): Tensor {
  const [batch = 0, fullHeight = 0, fullWidth = 0, channels = 0] = features.shape;
  let pooled = features;
  if (height < fullHeight) {
    const columns = reshape(pooled, [batch, fullHeight, fullWidth * channels]);
    pooled = reshape(matMul(averages(fullHeight, height), columns), [batch, height, fullWidth, channels]);
  }
  if (width < fullWidth) {
    const rows = reshape(pooled, [batch * height, fullWidth, channels]);
    pooled = reshape(matMul(averages(fullWidth, width), rows), [batch, height, width, channels]);
  }
  return pooled;
}

/** A matrix `[to, from]`: each row takes the mean over one cell. */
function averages(from: number, to: number): Tensor {
  const rows = Array.from({ length: to }, (_, cell) => {
    const start = Math.floor((cell * from) / to);
    const end = Math.ceil(((cell + 1) * from) / to);
    return Array.from({ length: from }, (_, at) => (at >= start && at < end ? 1 / (end - start) : 0));
  });
  return tensor2d(rows);
}
