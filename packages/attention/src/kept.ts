import { expandDims, lessEqual, logicalAnd, notEqual, range, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Where a mask is not 0, as bool of its shape. */
export function isKept(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? mask : notEqual(mask, 0);
}

/**
 * Which keys each query may attend to: those that the mask keeps and, if causal, none after the query.
 *
 * @param causal numbers of queries and keys; undefined if a query may attend to keys after it
 * @param mask `[B, Lk]`
 * @returns bool that broadcasts to `[B, H, Lq, Lk]`; undefined if it may attend to all
 */
export function keptKeys(
  causal: readonly [queries: number, keys: number] | undefined,
  mask: Tensor | undefined,
): Tensor | undefined {
  const before = causal && notAfter(...causal);
  const kept = mask && expandDims(expandDims(isKept(mask), 1), 1);
  return before && kept ? logicalAnd(before, kept) : (before ?? kept);
}

/** `[1, 1, Lq, Lk]`, true where the key is not after the query. The last queries and keys stand together. */
function notAfter(queries: number, keys: number): Tensor {
  const places = reshape(range(keys - queries, keys), [1, 1, queries, 1]);
  return lessEqual(reshape(range(0, keys), [1, 1, 1, keys]), places);
}
