import { dispose, Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import { describeValue, fn, KdError, tensorsOfBatch } from '@kd/core';
import type { Batch, Named } from '@kd/core';
import type { BatchStream, StreamContext } from './data.js';
import { iteratorOf } from './dataset-like.js';
import type { DatasetIterator, DatasetLike } from './dataset-like.js';
import { passesOf } from './passes-of-dataset.js';

/** Makes the data set of one pass. */
export type DatasetOfPass = (context: StreamContext) => DatasetLike | Promise<DatasetLike>;

/**
 * Turns a batched `tf.data.Dataset` of `{ xs, ys }`, as for `model.fitDataset`, into a stream of batches.
 *
 * `xs` is one tensor, or tensors by input name; `ys` is the labels, or targets by name. The stream keeps the
 * order of the data set.
 *
 * For repeatable runs, shuffle the data set itself with a seed. A data set draws its next order when a pass
 * begins, so a training that resumes in pass p first begins p passes and reads nothing from them. A function
 * that makes the data set of each pass needs none of that, and also resumes exactly if something else reads
 * the data set in between.
 *
 * @param dataset a data set whose elements are batches, or a function `({ epoch, seed }) => dataset`
 * @returns a `BatchStream` for `train`
 * @throws `KD_OPTION_TYPE` if `dataset` has no iterator; when the stream is read, `KD_DATA_TYPE` for other
 *   elements, and if a pass that was interrupted in this process would resume in another order
 *
 * @example
 * ```ts
 * import { fromDataset } from '@kd/data';
 * import { array } from '@tensorflow/tfjs-data';
 * const rows = [0, 1, 2].map((id) => ({ xs: [id, id * id], ys: id }));
 * const stream = fromDataset(({ seed }) => array(rows).shuffle(3, String(seed)).batch(2));
 * for await (const { inputs, targets } of stream({ epoch: 0, seed: 1, skip: 0 })) {
 *   console.log(inputs['input']?.shape.join(), await targets?.['labels']?.array());
 *   // 2,2 [ 1, 2 ]
 *   // 1,2 [ 0 ]
 * }
 * ```
 */
export function fromDataset(dataset: DatasetLike | DatasetOfPass): BatchStream {
  if (typeof dataset === 'function') {
    return async function* (context) {
      const made: unknown = await dataset(context);
      checkDataset('what dataset returns', made);
      yield* batchesOf(await iteratorOf(made), context.skip);
    };
  }
  checkDataset('dataset', dataset);
  const nextPass = passesOf(dataset);
  return async function* (context) {
    const { iterator, checkStart } = await nextPass(context);
    yield* batchesOf(iterator, context.skip, checkStart);
  };
}

function checkDataset(argument: string, dataset: unknown): asserts dataset is DatasetLike {
  const { iterator } = Object(dataset) as Partial<DatasetLike>;
  fn().read({ where: 'fromDataset', argument: `${argument}.iterator` }, iterator);
}

async function* batchesOf(
  iterator: DatasetIterator,
  skip: number,
  checkStart: (first: Batch) => Promise<void> = () => Promise.resolve(),
): AsyncGenerator<Batch> {
  let seen = 0;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    const batch = batchOf(next.value);
    try {
      if (seen === 0) await checkStart(batch);
    } catch (error) {
      dispose(tensorsOfBatch(batch));
      throw error;
    }
    if (seen++ >= skip) yield batch;
    else dispose(tensorsOfBatch(batch));
  }
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
