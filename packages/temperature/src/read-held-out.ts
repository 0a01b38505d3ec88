import { readClassIds, readScores } from '@kd/data';
import type { Column } from '@kd/data';

/** A held-out set in memory: `rows * classes` numbers in row-major order, and one class id per row. */
export interface HeldOut {
  readonly values: Float64Array;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** Reads and checks logits or probabilities `[B, N]` and class ids `[B]`, once. */
export async function readHeldOut(
  where: string,
  argument: string,
  scores: Column,
  labels: Column,
): Promise<HeldOut> {
  const { values, rows, classes } = await readScores(where, argument, scores);
  const ids = await readClassIds(where, 'labels', labels, { rows, classes });
  return { values: Float64Array.from(values), labels: ids, classes };
}
