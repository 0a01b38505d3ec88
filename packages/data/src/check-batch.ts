import { checkTensor, describeValue, KdError, optionsOf, unchecked } from '@kd/core';
import type { Batch, Named } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkIds } from './check-ids.js';

// The parts that a batch may have; their values are checked below.
const batchParts = optionsOf<Batch>()({
  inputs: unchecked<Named>('tensors by name'),
  targets: unchecked<Named>('tensors by name').optional(),
  ids: unchecked<readonly string[]>('strings').optional(),
  rows: unchecked<Tensor>('a tensor').optional(),
  sampleWeight: unchecked<Tensor>('a tensor').optional(),
  labelled: unchecked<Tensor>('a tensor').optional(),
  mask: unchecked<Tensor>('a tensor').optional(),
});

/**
 * Throws unless a value of a stream is a batch: an object of tensors by name, valid ids, and nothing else.
 */
export function checkBatch(where: string, batch: unknown): asserts batch is Batch {
  const parts: Readonly<Record<string, unknown>> = batchParts.read(where, batch as Batch, 'batch');
  const { inputs, targets = {}, ids, rows, sampleWeight, labelled, mask } = parts;
  for (const [argument, tensors] of Object.entries({ 'batch.inputs': inputs, 'batch.targets': targets })) {
    if (typeof tensors !== 'object' || tensors === null) {
      throw new KdError({
        code: 'KD_DATA_TYPE',
        where,
        argument,
        expected: 'an object of tensors by name',
        received: describeValue(tensors),
        remedy: 'Pass an object such as { x: tensor }.',
      });
    }
    for (const [name, tensor] of Object.entries(tensors)) checkTensor(where, `${argument}.${name}`, tensor);
  }
  for (const [name, tensor] of Object.entries({ rows, sampleWeight, labelled, mask })) {
    if (tensor !== undefined) checkTensor(where, `batch.${name}`, tensor);
  }
  if (ids === undefined) return;
  const [first] = Object.values(inputs as Record<string, Tensor>);
  // Answers stored by id need no inputs. Then the ids give the number of examples.
  checkIds(where, 'batch.ids', ids, first?.shape[0] ?? (Array.isArray(ids) ? ids.length : 0));
}
