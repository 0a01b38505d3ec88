import { KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import type { StreamContext } from './data.js';
import { iteratorOf } from './dataset-like.js';
import type { DatasetIterator, DatasetLike } from './dataset-like.js';
import { inputDigests } from './input-digests.js';

/** A pass over a data set that has begun. */
export interface Pass {
  readonly iterator: DatasetIterator;
  /** Takes the first batch. Throws if the pass continues another one, in another order. */
  readonly checkStart: (first: Batch) => Promise<void>;
}

/**
 * Begins passes over a data set so that pass p of a training gets the p-th order, in a new process too.
 *
 * tf.data draws the order of a shuffled data set from one generator, whenever `iterator()` is called, and
 * cannot go back. So passes that are missing are begun and left; where there were too many, only a data set
 * without a shuffle can continue, and its first batch shows that it is one.
 */
export function passesOf(dataset: DatasetLike): (context: StreamContext) => Promise<Pass> {
  let begun = 0;
  let lastStart: string | undefined;
  return async ({ epoch, pass = epoch, skip }) => {
    for (; begun < pass; begun++) await dataset.iterator();
    const continues = skip > 0 && begun > pass;
    begun += 1;
    return {
      iterator: await iteratorOf(dataset),
      checkStart: async (first) => {
        const start = await startOf(first);
        if (continues && lastStart !== undefined && start !== lastStart) throw otherOrder(pass);
        lastStart = start;
      },
    };
  };
}

async function startOf({ inputs }: Batch): Promise<string> {
  const rows = Object.values(inputs)[0]?.shape.at(0) ?? 0;
  return (await inputDigests(inputs, rows)).join();
}

function otherOrder(pass: number): KdError {
  return new KdError({
    code: 'KD_DATA_TYPE',
    where: 'fromDataset',
    argument: 'the order of the data set',
    expected: `that in which pass ${String(pass)} was interrupted`,
    received: 'another one, because passes have begun since',
    remedy: 'Pass a function: fromDataset(({ seed }) => dataset.shuffle(1000, String(seed)).batch(32)).',
  });
}
