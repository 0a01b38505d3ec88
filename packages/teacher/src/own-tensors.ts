import { clone } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Makes the tensors of an answer safe for the caller to dispose: copies those that belong to someone else
 * (weights, and inputs of the batch that the model passes through) and those that occur twice.
 */
export function ownTensors(tensors: readonly Tensor[], owned: Iterable<Tensor>): Tensor[] {
  const given = new Set(owned);
  return tensors.map((tensor) => {
    const own = given.has(tensor) ? clone(tensor) : tensor;
    given.add(own);
    return own;
  });
}
