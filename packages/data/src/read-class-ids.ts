import { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, describeValue, KdError } from '@kd/core';
import { checkColumn } from './column.js';
import type { Column } from './column.js';

/**
 * Reads class ids once, and checks each of them.
 *
 * @param where the function that received them
 * @param argument their name there
 * @param column `[rows]`, whole numbers from 0 to classes - 1
 * @param size numbers of examples and classes
 * @returns the ids
 * @throws (rejects) `KD_DATA_TYPE`, `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_LABEL_RANGE`
 *
 * @example
 * ```ts
 * import { readClassIds } from '@kd/data';
 * const ids = await readClassIds('example', 'labels', Int32Array.of(2, 0), { rows: 2, classes: 3 });
 * console.log(Array.from(ids));
 * // [ 2, 0 ]
 * ```
 */
export async function readClassIds(
  where: string,
  argument: string,
  column: Column,
  { rows, classes }: { readonly rows: number; readonly classes: number },
): Promise<ArrayLike<number>> {
  const { shape, read } = checkColumn(where, argument, column, 'as given');
  if (column instanceof Tensor && column.dtype === 'bool') {
    throw new KdError({
      code: 'KD_TENSOR_DTYPE',
      where,
      argument,
      expected: 'class ids as int32 or float32',
      received: describeValue(column),
      remedy: 'Pass the class number of each example.',
    });
  }
  if (shape.length !== 1 || shape[0] !== rows) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument,
      expected: `of shape ${describeShape([rows])}`,
      received: describeShape(shape),
      remedy: 'Pass one class id per example; tf.argMax(labels, -1) converts one-hot labels.',
    });
  }
  const ids = await read();
  const wrong = Array.prototype.findIndex.call(
    ids,
    (id: number) => !Number.isInteger(id) || id < 0 || id >= classes,
  );
  if (wrong < 0) return ids;
  throw new KdError({
    code: 'KD_LABEL_RANGE',
    where,
    argument: `${argument}[${String(wrong)}]`,
    expected: `a class id from 0 to ${String(classes - 1)}`,
    received: describeValue(ids[wrong]),
    remedy: 'Remove the rows that have no label.',
  });
}
