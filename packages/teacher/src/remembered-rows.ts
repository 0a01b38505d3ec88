import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The rows of one tensor that a teacher answers with, by the id of the example. */
export interface RememberedRows {
  /** Shape of the answer to one example. */
  readonly rowShape: readonly number[];
  readonly rows: Map<string, Float32Array>;
}

/** Whether every one of these examples is remembered. */
export function knows({ rows }: RememberedRows, ids: readonly string[]): boolean {
  return ids.every((id) => rows.has(id));
}

/** Adds the rows of an answer, into new memory where there is none. */
export async function remember(
  memory: RememberedRows | undefined,
  answer: Tensor,
  ids: readonly string[],
): Promise<RememberedRows> {
  const into = memory ?? { rowShape: answer.shape.slice(1), rows: new Map<string, Float32Array>() };
  const values = (await answer.data()) as Float32Array;
  const width = values.length / ids.length;
  ids.forEach((id, row) => into.rows.set(id, values.slice(row * width, (row + 1) * width)));
  return into;
}

/** The answer for these examples, a new tensor. */
export function recall({ rowShape, rows }: RememberedRows, ids: readonly string[]): Tensor {
  const width = rowShape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(ids.length * width);
  ids.forEach((id, row) => {
    values.set(rows.get(id) as Float32Array, row * width);
  });
  return tensor(values, [ids.length, ...rowShape]);
}
