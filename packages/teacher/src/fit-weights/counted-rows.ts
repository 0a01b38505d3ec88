import { checkShape, checkTensor, KdError } from '@kd/core';
import type { Batch } from '@kd/core';

/** The rows of a batch that count. */
export interface CountedRows {
  readonly rows: readonly number[];
  /** The sample weight of each row. */
  readonly weights: readonly number[];
}

/**
 * The rows with a label and a sample weight above zero; all rows with weight 1 if the batch states neither.
 */
export async function countedRows(where: string, batch: Batch, size: number): Promise<CountedRows> {
  const [sampleWeight, labelled] = await Promise.all([
    numbersOf(where, 'sampleWeight', batch, size),
    numbersOf(where, 'labelled', batch, size),
  ]);
  const weightOf = (row: number): number => (sampleWeight?.[row] ?? 1) * Number(labelled?.[row] !== 0);
  const rows = Array.from({ length: size }, (_, row) => row).filter((row) => weightOf(row) > 0);
  return { rows, weights: rows.map(weightOf) };
}

async function numbersOf(
  where: string,
  name: 'sampleWeight' | 'labelled',
  { [name]: given }: Batch,
  size: number,
): Promise<ArrayLike<number> | undefined> {
  if (given === undefined) return undefined;
  checkTensor(where, `batch.${name}`, given);
  checkShape(where, `batch.${name}`, given, [size]);
  const values = await given.data();
  const isLegal = (value: number): boolean =>
    name === 'labelled' ? value === 0 || value === 1 : Number.isFinite(value) && value >= 0;
  const wrong = values.findIndex((value) => !isLegal(value));
  if (wrong < 0) return values;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where,
    argument: `batch.${name}[${String(wrong)}]`,
    expected: name === 'labelled' ? '0 or 1' : 'finite and >= 0',
    received: String(values[wrong]),
    remedy: 'Correct the weights, or omit them to count every example once.',
  });
}
