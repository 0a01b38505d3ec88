import { poolToEqual } from '@kd/core';
import { div, matMul, reshape, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { maxPoolToEqual } from './max-pool-to-equal.js';

/** The inner products of each two channels of two maps, `[B, C, C⁺]`, over the number of positions. */
export function flowMatrix(first: Tensor, second: Tensor, pooling: 'max' | 'average'): Tensor {
  const maps = (pooling === 'max' ? maxPoolToEqual : poolToEqual)(first, second);
  const [batch = 0, height = 0, width = 0] = maps[0].shape;
  const rows = (map: Tensor): Tensor => reshape(map, [batch, height * width, -1]);
  return div(matMul(transpose(rows(maps[0]), [0, 2, 1]), rows(maps[1])), height * width);
}
