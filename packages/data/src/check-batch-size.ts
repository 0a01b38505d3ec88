import { describeValue, KdError, whole } from '@kd/core';
import { isInMemory } from './check-data.js';
import type { Data } from './data.js';

/**
 * Throws unless the batch size is a whole number >= 1. For a stream, which makes its own batches, it must be
 * absent.
 */
export function checkBatchSize(where: string, argument: string, batchSize: unknown, data: Data): void {
  if (batchSize === undefined) return;
  whole(1).read({ where, argument: argument }, batchSize);
  if (isInMemory(data)) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'absent for a stream, which makes its own batches',
    received: describeValue(batchSize),
    remedy: 'Leave it out.',
  });
}
