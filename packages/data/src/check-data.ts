import { describeValue, KdError } from '@kd/core';
import { isIterable } from './checked-batches.js';
import type { Data, InMemoryData, RepeatableData } from './data.js';

/** Whether data is in memory rather than a stream of batches. */
export function isInMemory(data: Data): data is InMemoryData {
  return typeof data === 'object' && 'inputs' in data;
}

/** Throws `KD_DATA_TYPE` unless `data` can be iterated more than once. */
export function checkRepeatableData(
  where: string,
  argument: string,
  data: unknown,
): asserts data is RepeatableData {
  if (typeof data === 'function' || isExamples(data)) return;
  throw unknownKind(
    where,
    argument,
    data,
    '{ inputs, labels, ... } in memory, or a function that returns batches',
  );
}

/** Throws `KD_DATA_TYPE` unless `data` can be iterated. */
export function checkData(where: string, argument: string, data: unknown): asserts data is Data {
  if (typeof data === 'function' || isExamples(data) || (typeof data === 'object' && isIterable(data)))
    return;
  const expected = '{ inputs, ids, ... } in memory, batches, or a function that returns batches';
  throw unknownKind(where, argument, data, expected);
}

function isExamples(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'inputs' in data;
}

function unknownKind(where: string, argument: string, data: unknown, expected: string): KdError {
  return new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument,
    expected,
    received: describeValue(data),
    remedy: 'For a tf.data.Dataset, pass fromDataset(dataset).',
  });
}
