import { checkOptions, checkTensor, describeValue, KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkIds } from './check-ids.js';

const names = ['inputs', 'targets', 'ids', 'sampleWeight', 'labelled', 'mask'];

/** Throws unless a value of a stream is a batch: an object of tensors by name, ids as everywhere, and nothing else. */
export function checkBatch(where: string, batch: unknown): asserts batch is Batch {
  checkOptions(where, batch, names, 'batch');
  const { inputs, targets = {}, ids, sampleWeight, labelled, mask } = batch as Record<string, unknown>;
  for (const [argument, tensors] of Object.entries({ 'batch.inputs': inputs, 'batch.targets': targets })) {
    if (typeof tensors !== 'object' || tensors === null) {
      throw new KdError({
        code: 'KD_DATA_TYPE',
        where,
        argument,
        expected: 'an object of tensors by name',
        received: describeValue(tensors),
        remedy: 'Write { x: tensor }.',
      });
    }
    for (const [name, tensor] of Object.entries(tensors)) checkTensor(where, `${argument}.${name}`, tensor);
  }
  for (const [name, tensor] of Object.entries({ sampleWeight, labelled, mask })) {
    if (tensor !== undefined) checkTensor(where, `batch.${name}`, tensor);
  }
  if (ids === undefined) return;
  const [first] = Object.values(inputs as Record<string, Tensor>);
  // Answers that are stored by id need no inputs: then the ids count the examples.
  checkIds(where, 'batch.ids', ids, first?.shape[0] ?? (Array.isArray(ids) ? ids.length : 0));
}
