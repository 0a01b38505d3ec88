import { avgPool, matMul, mean, reshape, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Feature maps of teacher and student, each axis of the larger one averaged down to that of the smaller one.
 *
 * Cell i of n is the mean of the rows (columns) from `floor(i H / n)` up to `ceil((i + 1) H / n)`, as in
 * PyTorch's adaptive pooling; cells overlap if n does not divide H. An axis that is equal already stays.
 *
 * @param teacher float32 `[B, H, W, C]`
 * @param student float32 `[B, H', W', C']`
 * @returns both with `min(H, H')` and `min(W, W')`; a tensor that has that size already is returned itself
 *
 * @example
 * ```ts
 * import { poolToEqual } from '@kd/core';
 * import { ones } from '@tensorflow/tfjs-core';
 * const [teacher, student] = poolToEqual(ones([1, 8, 2, 3]), ones([1, 4, 4, 5]));
 * console.log(teacher.shape.join(), student.shape.join());
 * // 1,4,2,3 1,4,2,5
 * ```
 */
export function poolToEqual(teacher: Tensor, student: Tensor): [teacher: Tensor, student: Tensor] {
  const [height = 0, width = 0] = [1, 2].map((axis) =>
    Math.min(teacher.shape[axis] ?? 0, student.shape[axis] ?? 0),
  );
  return tidy(() => [poolTo(teacher, height, width), poolTo(student, height, width)]);
}

/** Average pooling to a height and width that are no larger. */
function poolTo(features: Tensor, height: number, width: number): Tensor {
  return poolByMatrices(poolWhereSizesDivide(features, height, width), height, width);
}

// A matrix would work here too, but takes several times as long on wasm.
function poolWhereSizesDivide(features: Tensor, height: number, width: number): Tensor {
  const [, fullHeight = 0, fullWidth = 0] = features.shape;
  const cell = [fullHeight / height, fullWidth / width].map((size) => (Number.isInteger(size) ? size : 1));
  if (cell.every((size) => size === 1)) return features;
  // tfjs's wasm pooling over a whole map has been seen to take all memory.
  if (height === 1 && width === 1) return mean(features, [1, 2], true);
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
