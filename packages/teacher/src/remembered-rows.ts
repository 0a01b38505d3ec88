import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The cached rows of one tensor of a teacher's answers, by the id of the example. */
export interface RememberedRows {
  /** Shape of the answer for one example. */
  readonly rowShape: readonly number[];
  readonly rows: Map<string, Float32Array>;
}

/** Whether all of these examples are cached. */
export function knows({ rows }: RememberedRows, ids: readonly string[]): boolean {
  return ids.every((id) => rows.has(id));
}

/** Adds the rows of an answer, allocating memory if there is none yet. */
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

/** The answer for these examples, as a new tensor. */
export function recall({ rowShape, rows }: RememberedRows, ids: readonly string[]): Tensor {
  const width = rowShape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(ids.length * width);
  ids.forEach((id, row) => {
    values.set(rows.get(id) as Float32Array, row * width);
  });
  return tensor(values, [ids.length, ...rowShape]);
}
