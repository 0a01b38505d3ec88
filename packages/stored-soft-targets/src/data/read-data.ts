import { checkInteger, describeValue, KdError } from '@kd/core';
import type { Shard } from '../shard.js';
import type { Batches, BatchesOfEpoch, ReadData, TransferData } from './data.js';
import { readInMemory } from './in-memory.js';
import { isIterable, readStream } from './stream.js';

/** Checks data and gives its batches, or those of a shard. */
export function readData(
  where: string,
  data: TransferData,
  batchSize: number | undefined,
  shard: Shard | undefined,
): ReadData {
  if (batchSize !== undefined) checkInteger(where, 'options.batchSize', batchSize, 1);
  if (typeof data === 'function' || isIterable(data)) {
    if (batchSize === undefined) return readStream(where, data as Batches | BatchesOfEpoch, shard);
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'options.batchSize',
      expected: 'absent for a stream, which makes its own batches',
      received: describeValue(batchSize),
      remedy: 'Leave it out.',
    });
  }
  if (typeof data === 'object' && (data as unknown) !== null && 'inputs' in data) {
    return readInMemory(where, data, batchSize ?? 256, shard);
  }
  throw new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument: 'options.data',
    expected: '{ inputs, ids } in memory, batches, or a function that gives batches',
    received: describeValue(data),
    remedy: 'Pass what train of @kd/trainer takes as data, with ids.',
  });
}
