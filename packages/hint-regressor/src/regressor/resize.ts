import { matMul, reshape, tensor2d, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * The matrix `[to, from]` that resizes an axis: averages over equal shares when it shrinks, linear
 * interpolation between centres when it grows. Each row sums to one.
 */
export function resizeMatrix(from: number, to: number): Tensor2D {
  const row = to > from ? interpolated : averaged;
  return tensor2d(
    Array.from({ length: to }, (_, index) => row(index, from, to)),
    [to, from],
  );
}

function averaged(index: number, from: number, to: number): number[] {
  const [start, end] = [Math.floor((index * from) / to), Math.ceil(((index + 1) * from) / to)];
  return Array.from({ length: from }, (_, at) => (at >= start && at < end ? 1 / (end - start) : 0));
}

function interpolated(index: number, from: number, to: number): number[] {
  const centre = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
  return Array.from({ length: from }, (_, at) => Math.max(0, 1 - Math.abs(centre - at)));
}

/**
 * Resizes `[B, H, W, C]` by one matrix for the height and one for the width.
 *
 * As two products, because tfjs computes wrong gradients of its own resizing for several images and for maps
 * that are not square.
 */
export function resizeMap(map: Tensor, rows: Tensor2D, columns: Tensor2D): Tensor {
  const higher = alongFirst(transpose(map, [1, 0, 2, 3]), rows);
  const wider = alongFirst(transpose(higher, [2, 1, 0, 3]), columns);
  return transpose(wider, [1, 2, 0, 3]);
}

function alongFirst(map: Tensor, matrix: Tensor2D): Tensor {
  const [size = 1, ...others] = map.shape;
  return reshape(matMul(matrix, reshape(map, [size, -1])), [matrix.shape[0], ...others]);
}
