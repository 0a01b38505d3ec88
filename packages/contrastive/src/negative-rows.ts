import {
  add,
  cast,
  expandDims,
  floor,
  gather,
  less,
  minimum,
  mul,
  scalar,
  sub,
  tensor1d,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The rows of a data set sorted by class. */
export interface RowsByClass {
  /** Int32 `[N]`: the rows. */
  readonly sorted: Tensor;
  /** Int32 `[N]`: for each row, where the next class begins in `sorted`. */
  readonly end: Tensor;
  /** Int32 `[N]`: for each row, how many rows are of other classes. */
  readonly others: Tensor;
}

/** Sorts the rows by class; without labels each row is a class by itself. */
export function rowsByClass(size: number, labels?: ArrayLike<number>): RowsByClass {
  const rows = Array.from({ length: size }, (_, row) => row);
  const classOf = (row: number): number => labels?.[row] ?? row;
  const sorted = rows.toSorted((a, b) => classOf(a) - classOf(b));
  const end = new Map(sorted.map((row, place) => [classOf(row), place + 1]));
  const count = new Map<number, number>();
  for (const row of rows) count.set(classOf(row), (count.get(classOf(row)) ?? 0) + 1);
  const ofRows = (of: ReadonlyMap<number, number>): number[] => rows.map((row) => of.get(classOf(row)) ?? 0);
  return {
    sorted: tensor1d(sorted, 'int32'),
    end: tensor1d(ofRows(end), 'int32'),
    others: sub(scalar(size, 'int32'), tensor1d(ofRows(count), 'int32')),
  };
}

/**
 * Int32 `[B, K]`: for each of the rows, K rows of other classes, with replacement.
 *
 * The same numbers in [0, 1), `[K]`, count for all examples, each from its own class on. So what an example
 * is compared with depends neither on its place in the batch nor on the other examples.
 */
export function negativeRows(rows: Tensor, uniform: Tensor, { sorted, end, others }: RowsByClass): Tensor {
  const size = sorted.size;
  const [first, count] = [end, others].map((of) => expandDims(cast(gather(of, rows), 'float32'), 1)) as [
    Tensor,
    Tensor,
  ];
  // The product may be rounded up to the count.
  const place = add(first, minimum(floor(mul(expandDims(uniform, 0), count)), sub(count, 1)));
  return gather(sorted, cast(where(less(place, size), place, sub(place, size)), 'int32'));
}
