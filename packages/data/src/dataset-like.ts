/** The part of `tf.data.Dataset` that is used, so that tfjs-data is not a dependency. */
export interface DatasetLike {
  iterator(): Promise<DatasetIterator>;
}

/** The elements of one pass. */
export interface DatasetIterator {
  next(): Promise<{ value: unknown; done?: boolean }>;
}
