import { whole } from '@kd/core';
import type { Batch } from '@kd/core';
import { checkData, isInMemory, sizedStream } from './check-data.js';
import { checkedBatches } from './checked-batches.js';
import { examplesInMemory, rowsFrom } from './in-memory.js';
import type { Batches, Data } from './data.js';

const start = { epoch: 0, seed: 0, skip: 0 } as const;

/**
 * The batches of any data in its own order, each once. Whoever takes a batch disposes it.
 *
 * @param where the function that received the data
 * @param argument the data's name there: `options.data`
 * @param data examples in memory, batches, or a function that returns batches; it is called once, for epoch 0
 *   and seed 0
 * @param batchSize examples per batch, for data in memory
 * @returns an iterable of batches
 * @throws `KD_DATA_TYPE`, `KD_DATA_LENGTH`, `KD_BATCH_EMPTY`, `KD_TENSOR_SHAPE`, `KD_TENSOR_TYPE`,
 *   `KD_TENSOR_DTYPE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; for a stream only when its batches are read
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { readOnce } from '@kd/data';
 * for await (const { inputs } of readOnce('example', 'data', { inputs: Float32Array.of(1, 2, 3) }, 2)) {
 *   console.log(await inputs['input']?.array());
 *   // [ 1, 2 ]
 *   // [ 3 ]
 * }
 * ```
 */
export function readOnce(
  where: string,
  argument: string,
  data: Data,
  batchSize: number,
): AsyncIterable<Batch> | Iterable<Batch> {
  checkData(where, argument, data);
  if (isInMemory(data)) {
    whole(1).read({ where, argument: 'batchSize' }, batchSize);
    const { size, batches } = examplesInMemory(where, argument, data);
    return batches(rowsFrom(0, size), batchSize);
  }
  if (typeof data === 'function' || 'batches' in data)
    return checkedBatches(where, argument, sizedStream(data).batches, start);
  return checkedBatches(where, argument, (): Batches => data, start);
}
