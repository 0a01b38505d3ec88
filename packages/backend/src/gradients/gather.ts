import {
  add,
  cast,
  range,
  reshape,
  transpose,
  unsortedSegmentSum,
  util,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { GatherV2Attrs, Rank, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/**
 * The gradient of `gather` with batch dimensions, for which tfjs throws or asks the union package for its
 * chained operations.
 *
 * `x` is `[batch, outer, n, slice]` with its axes joined, `indices` is `[batch, m]`, and `dy` is `[batch,
 * outer, m, slice]`. With batch and `n` joined, row `batch n + index` receives the sum of all rows of `dy`
 * that were copied from it.
 */
export const gatherGradient: MendedGradient = (dy, saved, attrs) => {
  const [x, indices] = saved as [Tensor, Tensor];
  const { axis, batchDims } = attrs as unknown as GatherV2Attrs;
  const leading = batchDims < 0 ? batchDims + indices.rank : batchDims;
  if (leading === 0) return undefined;
  const [along = 0] = util.parseAxisParam(axis, x.shape);
  const [batch, outer, n, slice] = [
    x.shape.slice(0, leading),
    x.shape.slice(leading, along),
    x.shape.slice(along, along + 1),
    x.shape.slice(along + 1),
  ].map((sizes) => util.sizeFromShape(sizes)) as [number, number, number, number];
  const m = indices.size / batch;
  return {
    x: () => {
      const rows = transpose(reshape(dy, [batch, outer, m, slice]), [0, 2, 1, 3]);
      const first = reshape(range(0, batch * n, n, 'int32'), [batch, 1]);
      const ids = reshape<Rank.R1>(add(reshape(cast(indices, 'int32'), [batch, m]), first), [-1]);
      const sums = unsortedSegmentSum(reshape(rows, [batch * m, outer * slice]), ids, batch * n);
      return reshape(transpose(reshape(sums, [batch, n, outer, slice]), [0, 2, 1, 3]), x.shape);
    },
    indices: () => zerosLike(cast(indices, 'float32')),
  };
};
