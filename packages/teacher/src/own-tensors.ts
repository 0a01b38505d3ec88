import { clone } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The tensors of an answer as ones that the caller may dispose: copies of those that belong to somebody (inputs of the batch, which a
 * model may pass through, and weights), and of those that were given before.
 */
export function ownTensors(tensors: readonly Tensor[], owned: Iterable<Tensor>): Tensor[] {
  const given = new Set(owned);
  return tensors.map((tensor) => {
    const own = given.has(tensor) ? clone(tensor) : tensor;
    given.add(own);
    return own;
  });
}
