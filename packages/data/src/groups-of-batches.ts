import { dispose } from '@tensorflow/tfjs-core';
import { optionFault, tensorsOfBatch, whole } from '@kd/core';
import type { Batch } from '@kd/core';
import { isIterable } from './checked-batches.js';

/**
 * The batches of a stream in groups of `size`; the last group may be smaller. Whoever takes a group disposes
 * its batches.
 */
export async function* groupsOfBatches(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  size: number,
): AsyncGenerator<Batch[]> {
  const where = 'groupsOfBatches';
  whole(1).read({ where, argument: 'size' }, size);
  const remedy = 'Pass what a stream returns.';
  if (!isIterable(batches) || ArrayBuffer.isView(batches))
    throw optionFault('TYPE', { where, argument: 'batches' }, 'batches', batches, remedy);
  let group: Batch[] = [];
  try {
    for await (const batch of batches) {
      group.push(batch);
      if (group.length < size) continue;
      const full = group;
      group = [];
      yield full;
    }
    const rest = group;
    group = [];
    if (rest.length > 0) yield rest;
  } finally {
    // Batches that remain if the stream failed before their group was full.
    dispose(group.flatMap(tensorsOfBatch));
  }
}
