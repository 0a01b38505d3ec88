import { describeValue, KdError, whole } from '@kd/core';
import { isInMemory } from './check-data.js';
import type { Data } from './data.js';

/**
 * Throws unless the batch size is a whole number >= 1. For a stream, which makes its own batches, it must be
 * absent.
 */
export function checkBatchSize(where: string, argument: string, batchSize: unknown, data: Data): void {
  if (batchSize === undefined) return;
  whole(1).read({ where, argument }, batchSize);
  if (isInMemory(data)) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'absent for a stream, which makes its own batches',
    received: describeValue(batchSize),
    remedy: remedyFor(batchSize as number),
  });
}

function remedyFor(batchSize: number): string {
  const size = String(batchSize);
  return `Leave it out, and yield ${size} examples at a time: for (let row = ${size} * skip; row < n; row += ${size}) yield batchOf(row, row + ${size}). For tf.data: fromDataset(dataset.batch(${size})).`;
}
