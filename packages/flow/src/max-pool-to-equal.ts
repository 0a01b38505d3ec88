import { concat, maximum, maxPool, split, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Two maps `[B, H, W, C]`, each axis of the larger one pooled to that of the smaller one by maxima. Cell i of
 * n goes from `floor(i H / n)` up to `ceil((i + 1) H / n)`, as in PyTorch.
 */
export function maxPoolToEqual(first: Tensor, second: Tensor): [first: Tensor, second: Tensor] {
  const [height = 0, width = 0] = [1, 2].map((axis) =>
    Math.min(first.shape[axis] ?? 0, second.shape[axis] ?? 0),
  );
  return tidy(() => [poolTo(first, height, width), poolTo(second, height, width)]);
}

function poolTo(maps: Tensor, height: number, width: number): Tensor {
  const [, fullHeight = 0, fullWidth = 0] = maps.shape;
  const size = fullHeight / height;
  // tfjs's wasm backend has a wrong gradient for windows that are not square.
  if (Number.isInteger(size) && fullWidth / width === size)
    return size === 1 ? maps : maxPool(maps as Tensor4D, size, size, 'valid');
  return poolAlong(poolAlong(maps, 1, height), 2, width);
}

function poolAlong(maps: Tensor, axis: 1 | 2, to: number): Tensor {
  const from = maps.shape[axis] ?? 0;
  if (from === to) return maps;
  const lines = split(maps, from, axis);
  const cells = Array.from({ length: to }, (_, cell) =>
    // By `max`, each of several equal values would get the whole gradient; here one of them does.
    lines
      .slice(Math.floor((cell * from) / to), Math.ceil(((cell + 1) * from) / to))
      .reduce((most, line) => maximum(most, line)),
  );
  return concat(cells, axis);
}
