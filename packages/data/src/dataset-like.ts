import { fn } from '@kd/core';

/** The part of `tf.data.Dataset` that is used, so that tfjs-data is not a dependency. */
export interface DatasetLike {
  iterator(): Promise<DatasetIterator>;
}

/** The elements of one pass. */
export interface DatasetIterator {
  next(): Promise<{ value: unknown; done?: boolean }>;
}

/** Starts a pass. */
export async function iteratorOf(dataset: DatasetLike): Promise<DatasetIterator> {
  const iterator: unknown = await dataset.iterator();
  const { next } = Object(iterator) as Partial<DatasetIterator>;
  fn().read({ where: 'fromDataset', argument: 'what dataset.iterator() returns, its next' }, next);
  return iterator as DatasetIterator;
}
