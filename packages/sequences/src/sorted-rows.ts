import { add, range, reshape, scatterND, topk } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Rows in descending order, and the way back. */
export interface SortedRows {
  readonly values: Tensor;
  /** Puts numbers in the order of `values` into the order of the rows. */
  readonly inOrderOfRows: (sorted: Tensor) => Tensor;
}

/** Sorts each row of `[rows, N]`. Off the tape only: in tfjs `topk` has no gradient. */
export function sortedRows(rows: Tensor): SortedRows {
  const [count, width] = rows.shape as [number, number];
  const { values, indices } = topk(rows, width);
  return {
    values,
    inOrderOfRows: (sorted) => {
      const firstOfRow = reshape(range(0, count * width, width, 'int32'), [count, 1]);
      const places = reshape(add(indices, firstOfRow), [count * width, 1]);
      const flat = scatterND(places, reshape(sorted, [-1]), [count * width]);
      return reshape(flat, [count, width]);
    },
  };
}
