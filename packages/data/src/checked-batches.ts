import { dispose } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import { describeValue, fn, KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import { checkBatch } from './check-batch.js';
import type { BatchStream, StreamContext } from './data.js';

/** Whether a value can be iterated, synchronously or asynchronously. */
export function isIterable(value: unknown): value is AsyncIterable<unknown> {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(value) as {
    readonly [Symbol.iterator]?: unknown;
    readonly [Symbol.asyncIterator]?: unknown;
  };
  return typeof sync === 'function' || typeof async === 'function';
}

/** The batches of a stream for an epoch, each checked before it is used; disposes whatever is not a batch. */
export async function* checkedBatches(
  where: string,
  argument: string,
  stream: BatchStream,
  context: StreamContext,
): AsyncGenerator<Batch> {
  fn().read({ where, argument }, stream);
  const batches: unknown = stream(context);
  if (!isIterable(batches)) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument: `what ${argument} returns`,
      expected: 'a sync or async iterable of batches',
      received: describeValue(batches),
      remedy: 'Write the function as a generator: async function* (context) { yield { inputs, targets }; }.',
    });
  }
  let count = 0;
  for await (const batch of batches) {
    try {
      checkBatch(where, batch);
    } catch (error) {
      dispose(batch as TensorContainer);
      throw error;
    }
    count += 1;
    yield batch;
  }
  if (count > 0 || context.skip > 0) return;
  throw new KdError({
    code: 'KD_BATCH_EMPTY',
    where,
    argument: `the stream of epoch ${String(context.epoch)}`,
    expected: 'a stream of at least one batch',
    received: 'none',
    remedy: 'Return a new iterator from each call; a used one is empty in the second epoch.',
  });
}
