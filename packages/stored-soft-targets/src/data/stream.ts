import { checkOptions, checkTensor, describeValue, KdError, tensorsOfBatch } from '@kd/core';
import type { Batch } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import type { Shard } from '../shard.js';
import { checkIds } from './check-ids.js';
import type { Batches, BatchesOfEpoch, BatchWithIds, ReadData } from './data.js';
import { digestOfIds } from './digest-of-ids.js';

const names = ['inputs', 'targets', 'ids', 'sampleWeight', 'labelled', 'mask'];

/** Batches of a stream, or those of a shard: every `count`-th batch. */
export function readStream(
  where: string,
  data: Batches | BatchesOfEpoch,
  shard: Shard | undefined,
): ReadData {
  const digest = digestOfIds('batches');
  let examples = 0;
  return {
    batches: async function* () {
      let number = 0;
      for await (const given of iterableOf(where, data)) {
        const batch = checkBatch(where, given);
        examples += batch.ids.length;
        digest.add(batch.ids);
        const isOwn = shard === undefined || number % shard.count === shard.index;
        number += 1;
        if (isOwn) yield batch;
        else dispose(tensorsOfBatch(batch));
      }
      if (number > (shard?.index ?? 0)) return;
      throw new KdError({
        code: 'KD_BATCH_EMPTY',
        where,
        argument: 'options.data',
        expected:
          shard === undefined ? 'of at least one batch' : `of at least ${String(shard.count)} batches`,
        received: String(number),
        remedy:
          shard === undefined ? 'Look at how the stream is made.' : 'Use fewer shards, or smaller batches.',
      });
    },
    summary: () => ({ count: examples, ids: digest.hex() }),
  };
}

function iterableOf(where: string, data: Batches | BatchesOfEpoch): AsyncIterable<unknown> {
  const batches: unknown = typeof data === 'function' ? data({ epoch: 0, seed: 0, skip: 0 }) : data;
  if (isIterable(batches)) return batches as AsyncIterable<unknown>;
  throw typeError(
    where,
    'what options.data returns',
    'an iterable of batches, sync or async',
    batches,
    'Write the function as a generator: async function* () { yield { inputs, ids }; }.',
  );
}

/** Whether a value can be gone through, sync or async. */
export function isIterable(value: unknown): boolean {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(value) as {
    readonly [Symbol.iterator]?: unknown;
    readonly [Symbol.asyncIterator]?: unknown;
  };
  return typeof sync === 'function' || typeof async === 'function';
}

function checkBatch(where: string, given: unknown): BatchWithIds {
  try {
    checkOptions(where, given, names, 'batch');
    const { inputs, ids } = given as Partial<Batch>;
    const entries = Object.entries(Object(inputs) as object);
    if (entries.length === 0) {
      throw typeError(where, 'batch.inputs', 'an object of tensors by name', inputs, 'Write { x: tensor }.');
    }
    for (const [name, tensor] of entries) checkTensor(where, `batch.inputs.${name}`, tensor);
    const rows = (given as Batch).inputs[entries[0]?.[0] ?? '']?.shape[0] ?? 0;
    checkIds(where, 'batch.ids', ids, rows);
    return given as BatchWithIds;
  } catch (error) {
    dispose(given as TensorContainer);
    throw error;
  }
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
