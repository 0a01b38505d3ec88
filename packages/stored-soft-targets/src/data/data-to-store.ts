import { checkBatchSize, checkData, checkIds, examplesInMemory, isInMemory, readOnce } from '@kd/data';
import type { Data, InMemoryData } from '@kd/data';
import { KdError, tensorsOfBatch } from '@kd/core';
import type { Batch } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Shard } from '../shard.js';
import { digestOfIds } from './digest-of-ids.js';
import { rowsOfShard } from './rows-of-shard.js';
import { checkUnique } from './unique-ids.js';
import { checkWellFormed } from './well-formed-ids.js';

/** A batch whose examples have ids. */
export type BatchWithIds = Batch & { readonly ids: readonly string[] };

/** Data to be read once. */
export interface DataToStore {
  /** The consumer disposes each batch. */
  readonly batches: () => AsyncGenerator<BatchWithIds>;
  /**
   * Valid once all batches are read: the number of examples in all shards together, and a digest of their
   * ids.
   */
  readonly summary: () => { readonly count: number; readonly ids: string };
}

const argument = 'options.data';

/** Checks data and returns its batches, or those of a shard. */
export function dataToStore(
  where: string,
  data: Data,
  batchSize: number | undefined,
  shard: Shard | undefined,
): DataToStore {
  checkData(where, argument, data);
  checkBatchSize(where, 'options.batchSize', batchSize, data);
  return isInMemory(data) ? inMemory(where, data, batchSize ?? 256, shard) : inBatches(where, data, shard);
}

/** Examples in memory; a shard has consecutive rows, whatever the batch size. */
function inMemory(
  where: string,
  data: InMemoryData,
  batchSize: number,
  shard: Shard | undefined,
): DataToStore {
  const { size, batches } = examplesInMemory(where, argument, data);
  const ids: unknown = data.ids;
  checkIds(where, `${argument}.ids`, ids, size);
  checkWellFormed(where, `${argument}.ids`, ids);
  checkUnique(where, `${argument}.ids`, ids);
  const rows = rowsOfShard(where, size, shard);
  return {
    batches: async function* () {
      for (const batch of batches(rows, batchSize)) yield Promise.resolve(batch as BatchWithIds);
    },
    summary: () => {
      const digest = digestOfIds('rows');
      digest.add(ids);
      return { count: size, ids: digest.hex() };
    },
  };
}

/** A stream of batches; a shard has every `count`-th batch. */
function inBatches(where: string, data: Exclude<Data, InMemoryData>, shard: Shard | undefined): DataToStore {
  const digest = digestOfIds('batches');
  let examples = 0;
  return {
    batches: async function* () {
      let number = 0;
      for await (const batch of readOnce(where, argument, data, 1)) {
        checkHasIds(where, batch);
        examples += batch.ids.length;
        digest.add(batch.ids);
        const isOwn = shard === undefined || number % shard.count === shard.index;
        number += 1;
        if (isOwn) yield batch;
        else dispose(tensorsOfBatch(batch));
      }
      if (shard === undefined || number > shard.index) return;
      throw new KdError({
        code: 'KD_BATCH_EMPTY',
        where,
        argument,
        expected: `a stream of at least ${String(shard.count)} batches`,
        received: String(number),
        remedy: 'Use fewer shards, or smaller batches.',
      });
    },
    summary: () => ({ count: examples, ids: digest.hex() }),
  };
}

function checkHasIds(where: string, batch: Batch): asserts batch is BatchWithIds {
  const [first] = Object.values(batch.inputs);
  try {
    checkIds(where, 'batch.ids', batch.ids, first?.shape[0] ?? 0);
    checkWellFormed(where, 'batch.ids', batch.ids);
  } catch (error) {
    dispose(tensorsOfBatch(batch));
    throw error;
  }
}
