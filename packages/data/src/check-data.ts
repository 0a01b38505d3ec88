import { describeValue, fn, KdError, optionsOf, whole } from '@kd/core';
import { isIterable } from './checked-batches.js';
import type { BatchStream, Data, InMemoryData, RepeatableData, SizedStream } from './data.js';

/** Whether data is in memory rather than a stream of batches. */
export function isInMemory(data: Data): data is InMemoryData {
  return typeof data === 'object' && 'inputs' in data;
}

/** The function behind a stream, and the size of its data set, if it is stated. */
export function sizedStream(data: BatchStream | SizedStream): SizedStream {
  return typeof data === 'function' ? { batches: data } : data;
}

/** Throws `KD_DATA_TYPE` unless `data` can be iterated more than once. */
export function checkRepeatableData(
  where: string,
  argument: string,
  data: unknown,
): asserts data is RepeatableData {
  if (typeof data === 'function' || isExamples(data)) return;
  if (isSized(data)) {
    sizedOptions.read(where, data, argument);
    return;
  }
  const expected = '{ inputs, labels, ... } in memory, a function that returns batches, or { batches, size }';
  throw unknownKind(where, argument, data, expected);
}

/** Throws `KD_DATA_TYPE` unless `data` can be iterated. */
export function checkData(where: string, argument: string, data: unknown): asserts data is Data {
  if (
    typeof data === 'function' ||
    isExamples(data) ||
    (typeof data === 'object' && !ArrayBuffer.isView(data) && isIterable(data))
  )
    return;
  if (isSized(data)) {
    sizedOptions.read(where, data, argument);
    return;
  }
  const expected = '{ inputs, ids, ... } in memory, batches, or a function that returns batches';
  throw unknownKind(where, argument, data, expected);
}

const sizedOptions = optionsOf<SizedStream>()({ batches: fn<BatchStream>(), size: whole(1).optional() });

function isSized(data: unknown): data is SizedStream {
  return typeof data === 'object' && data !== null && 'batches' in data;
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
