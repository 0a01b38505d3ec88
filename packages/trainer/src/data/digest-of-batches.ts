import { dispose } from '@tensorflow/tfjs-core';
import { tensorsOfBatch } from '@kd/core';
import type { Batch } from '@kd/core';
import { inputDigests } from '@kd/data';

/**
 * Eight hexadecimal digits that change with any value and with the order of the examples. Disposes the
 * batches.
 */
export async function digestOfBatches(batches: Iterable<Batch>): Promise<string> {
  let digest = 0;
  for (const batch of batches) {
    const tensors = tensorsOfBatch(batch);
    // By position, because digests do not depend on names, but do on their order.
    const named = Object.fromEntries(
      tensors.map((tensor, index) => [String(index).padStart(4, '0'), tensor]),
    );
    try {
      for (const ofExample of await inputDigests(named, tensors[0]?.shape[0] ?? 0)) {
        digest = (Math.imul(digest, 31) + ofExample) | 0;
      }
    } finally {
      dispose(tensors);
    }
  }
  return (digest >>> 0).toString(16).padStart(8, '0');
}
