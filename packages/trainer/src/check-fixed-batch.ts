import { KdError } from '@kd/core';
import { fixedRows } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PreparedData } from './data/prepare-data.js';

/** Where the caller passed the data and the batch size, for messages. */
export interface NamesOfData {
  readonly data: string;
  readonly batchSize: string;
}

/**
 * Throws `KD_TENSOR_SHAPE` if a model with a fixed batch size would get a batch of another size. `batches` is
 * how many of them it gets. Whoever makes a stream makes its batches, so they are checked one by one.
 */
export function checkFixedBatch(
  where: string,
  names: NamesOfData,
  model: LayersModel,
  { size, batchSize }: Pick<PreparedData, 'size' | 'batchSize'>,
  batches?: number,
): void {
  const rows = fixedRows(model.inputs.map(({ shape }) => shape));
  if (rows === undefined || size === undefined || batchSize === undefined) return;
  const fault = (argument: string, expected: string, received: string, remedy: string): KdError =>
    new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument,
      expected: `${expected}, the fixed batch size of the model ${JSON.stringify(model.name)}`,
      received,
      remedy: `${remedy}, or build the model without a fixed batch size: inputShape in place of batchInputShape.`,
    });
  if (Math.min(batchSize, size) !== rows) {
    const remedy = `Pass batchSize: ${String(rows)} and at least as many examples`;
    throw fault(names.batchSize, String(rows), `${String(batchSize)}, for ${String(size)} examples`, remedy);
  }
  const whole = Math.floor(size / rows);
  const rest = size - whole * rows;
  if (rest === 0 || (batches !== undefined && batches <= whole)) return;
  const received = `${String(size)} examples, of which ${String(rest)} are left for the last batch`;
  const remedy = `Drop the last ${String(rest)}, end each epoch before them with stepsPerEpoch, choose a batch size that divides ${String(size)} for model and data`;
  throw fault(names.data, `a multiple of ${String(rows)} examples`, received, remedy);
}
