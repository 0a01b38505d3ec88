import { dispose } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import { checkOptions, checkTensor, describeValue, KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import type { BatchStream, StreamContext } from './batch-stream.js';

const names = ['inputs', 'targets', 'ids', 'sampleWeight', 'labelled', 'mask'];

/** The batches of a stream, each checked to be one before it is used; disposes what is none. */
export async function* checkedBatches(
  where: string,
  stream: BatchStream,
  context: StreamContext,
): AsyncGenerator<Batch> {
  const batches: unknown = stream(context);
  if (!isIterable(batches)) {
    throw typeError(
      where,
      'what data returns',
      'an iterable of batches, sync or async',
      batches,
      'Write the function as a generator: async function* (context) { yield { inputs, targets }; }.',
    );
  }
  let count = 0;
  for await (const batch of batches as AsyncIterable<unknown>) {
    try {
      checkForm(where, batch);
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

function isIterable(value: unknown): boolean {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(value) as {
    readonly [Symbol.iterator]?: unknown;
    readonly [Symbol.asyncIterator]?: unknown;
  };
  return typeof sync === 'function' || typeof async === 'function';
}

function checkForm(where: string, batch: unknown): asserts batch is Batch {
  checkOptions(where, batch, names, 'batch');
  const { inputs, targets = {}, ids, sampleWeight, labelled, mask } = batch as Record<string, unknown>;
  for (const [argument, tensors] of Object.entries({ 'batch.inputs': inputs, 'batch.targets': targets })) {
    if (typeof tensors !== 'object' || tensors === null) {
      throw typeError(where, argument, 'an object of tensors by name', tensors, 'Write { x: tensor }.');
    }
    for (const [name, tensor] of Object.entries(tensors)) checkTensor(where, `${argument}.${name}`, tensor);
  }
  for (const [name, tensor] of Object.entries({ sampleWeight, labelled, mask })) {
    if (tensor !== undefined) checkTensor(where, `batch.${name}`, tensor);
  }
  if (ids === undefined || Array.isArray(ids)) return;
  throw typeError(where, 'batch.ids', 'an array of strings', ids, 'Give every example an id.');
}

function typeError(
  where: string,
  argument: string,
  expected: string,
  received: unknown,
  remedy: string,
): KdError {
  return new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument,
    expected,
    received: describeValue(received),
    remedy,
  });
}
