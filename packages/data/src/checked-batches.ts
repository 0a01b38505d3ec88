import { dispose } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import { checkBatch } from './check-batch.js';
import type { BatchStream, StreamContext } from './data.js';

/** Whether a value can be gone through, sync or async. */
export function isIterable(value: unknown): value is AsyncIterable<unknown> {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(value) as {
    readonly [Symbol.iterator]?: unknown;
    readonly [Symbol.asyncIterator]?: unknown;
  };
  return typeof sync === 'function' || typeof async === 'function';
}

/** The batches that a stream gives for an epoch, each checked to be one before it is used; disposes what is none. */
export async function* checkedBatches(
  where: string,
  argument: string,
  stream: BatchStream,
  context: StreamContext,
): AsyncGenerator<Batch> {
  const batches: unknown = stream(context);
  if (!isIterable(batches)) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument: `what ${argument} returns`,
      expected: 'an iterable of batches, sync or async',
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
    expected: 'of at least one batch',
    received: 'none',
    remedy: 'Make a new iterator in each call; one that is used up gives nothing in the second epoch.',
  });
}
