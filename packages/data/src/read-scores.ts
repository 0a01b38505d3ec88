import { describeShape, describeValue, KdError } from '@kd/core';
import { checkColumn } from './column.js';
import type { Column } from './column.js';

/** Logits or probabilities in memory: `rows * classes` numbers in row-major order. */
export interface Scores {
  readonly values: Float32Array;
  readonly rows: number;
  readonly classes: number;
}

/**
 * Reads logits or probabilities once.
 *
 * @param where the function that received them
 * @param argument their name there
 * @param column float32 `[B, N]` with B >= 1 and N >= 2
 * @returns the numbers; the caller keeps ownership of them
 * @throws (rejects) `KD_DATA_TYPE`, `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { readScores } from '@kd/data';
 * const { rows, classes } = await readScores('example', 'logits', { values: new Float32Array(6), shape: [2, 3] });
 * console.log(rows, classes);
 * // 2 3
 * ```
 */
export async function readScores(where: string, argument: string, column: Column): Promise<Scores> {
  const { shape, read } = checkColumn(where, argument, column, 'as given');
  const [rows = 0, classes = 0] = shape;
  if (shape.length !== 2 || classes < 2) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument,
      expected: 'of shape [B, N] with N >= 2',
      received: describeShape(shape),
      remedy: 'Put the examples on the first axis and the classes on the second.',
    });
  }
  if (rows === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument,
      expected: 'a column with at least one example',
      received: describeShape(shape),
      remedy: 'Check how the data set was loaded.',
    });
  }
  const values = await read();
  if (values instanceof Float32Array) return { values, rows, classes };
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: 'float32 numbers',
    received: describeValue(column),
    remedy: 'Cast it: tf.cast(x, "float32"), or pass a Float32Array.',
  });
}
