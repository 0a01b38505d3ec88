import { dispose, Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import { describeValue, fn, KdError } from '@kd/core';
import type { Batch, Named } from '@kd/core';
import type { BatchStream } from './data.js';

/** The part of `tf.data.Dataset` that is used, so that tfjs-data is not a dependency. */
export interface DatasetLike {
  iterator(): Promise<{ next(): Promise<{ value: unknown; done?: boolean }> }>;
}

/**
 * Turns a batched `tf.data.Dataset` of `{ xs, ys }`, as for `model.fitDataset`, into a stream of batches.
 *
 * `xs` is one tensor, or tensors by input name; `ys` is the labels, or targets by name. The stream keeps the
 * order of the data set. For repeatable runs, shuffle the data set itself with a seed.
 *
 * @param dataset a data set whose elements are batches
 * @returns a `BatchStream` for `train`
 * @throws `KD_OPTION_TYPE` if `dataset` has no iterator; when the stream is read, `KD_DATA_TYPE` for other
 *   elements
 *
 * @example
 * ```ts
 * import { fromDataset } from '@kd/data';
 * import { array } from '@tensorflow/tfjs-data';
 * const rows = [0, 1, 2].map((id) => ({ xs: [id, id * id], ys: id }));
 * const stream = fromDataset(array(rows).batch(2));
 * for await (const { inputs, targets } of stream({ epoch: 0, seed: 0, skip: 0 })) {
 *   console.log(inputs['input']?.shape.join(), await targets?.['labels']?.array());
 *   // 2,2 [ 0, 1 ]
 *   // 1,2 [ 2 ]
 * }
 * ```
 */
export function fromDataset(dataset: DatasetLike): BatchStream {
  fn().read(
    { where: 'fromDataset', argument: 'dataset.iterator' },
    (dataset as Partial<DatasetLike> | null)?.iterator,
  );
  return async function* ({ skip }) {
    const iterator = await dataset.iterator();
    let seen = 0;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      if (seen++ >= skip) yield batchOf(next.value);
      else dispose(next.value as TensorContainer);
    }
  };
}

function batchOf(value: unknown): Batch {
  const { xs, ys, ...others } = Object(value) as { xs?: unknown; ys?: unknown };
  const inputs = named(xs, 'input');
  const targets = ys === undefined ? {} : named(ys, 'labels');
  if (inputs === undefined || targets === undefined || Object.keys(others).length > 0) {
    const error = new KdError({
      code: 'KD_DATA_TYPE',
      where: 'fromDataset',
      argument: 'an element of the data set',
      expected: '{ xs, ys }, each a tensor or tensors by name',
      received: describeValue(value),
      remedy: 'Map the data set to { xs, ys } and batch it.',
    });
    dispose(value as TensorContainer);
    throw error;
  }
  return ys === undefined ? { inputs } : { inputs, targets };
}

function named(value: unknown, name: string): Named | undefined {
  if (value instanceof Tensor) return { [name]: value };
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value).every((each) => each instanceof Tensor) ? (value as Named) : undefined;
}
