import { dispose } from '@tensorflow/tfjs-core';
import { tensorsOfBatch } from '@kd/core';
import type { Batch } from '@kd/core';
import type { CheckTargets } from './data/prepare-data.js';

/** Batches, each checked before it is used; disposes one that is refused. */
export async function* checkedOneByOne(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  check: CheckTargets,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    try {
      await check(batch);
    } catch (error) {
      dispose(tensorsOfBatch(batch));
      throw error;
    }
    yield batch;
  }
}
