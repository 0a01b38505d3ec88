import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

type Numbers = Float32Array | Int32Array;

/** The cached rows of one tensor of a teacher's answers, by the id of the example. */
export interface RememberedRows {
  /** Shape of the answer for one example. */
  readonly rowShape: readonly number[];
  readonly rows: Map<string, Numbers>;
}

/** The cached rows of one tensor, a part for each shape: sequences may be padded to several lengths. */
export type RememberedShapes = RememberedRows[];

/** The part that has all of these examples; undefined if there is none. */
export function partWith(
  parts: RememberedShapes | undefined,
  ids: readonly string[],
): RememberedRows | undefined {
  return parts?.find(({ rows }) => ids.every((id) => rows.has(id)));
}

/** Adds the rows of an answer to those under `key`. */
export async function remember(
  memory: Map<string, RememberedShapes>,
  key: string,
  answer: Tensor,
  ids: readonly string[],
): Promise<void> {
  const parts = memory.get(key) ?? [];
  memory.set(key, parts);
  const rowShape = answer.shape.slice(1);
  const known = parts.find((part) => part.rowShape.join() === rowShape.join());
  const { rows } = known ?? { rows: new Map<string, Numbers>() };
  if (known === undefined) parts.push({ rowShape, rows });
  const values = (await answer.data()) as Numbers;
  const width = values.length / ids.length;
  ids.forEach((id, row) => rows.set(id, values.slice(row * width, (row + 1) * width)));
}

/** The answer for these examples, as a new tensor. */
export function recall({ rowShape, rows }: RememberedRows, ids: readonly string[]): Tensor {
  const width = rowShape.reduce((product, size) => product * size, 1);
  const isInt32 = rows.get(ids[0] ?? '') instanceof Int32Array;
  const values = isInt32 ? new Int32Array(ids.length * width) : new Float32Array(ids.length * width);
  ids.forEach((id, row) => {
    values.set(rows.get(id) as Numbers, row * width);
  });
  return tensor(values, [ids.length, ...rowShape], isInt32 ? 'int32' : 'float32');
}
