import { expandDims, lessEqual, logicalAnd, notEqual, range, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Where a mask is not 0, as bool of its shape. */
export function isKept(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? mask : notEqual(mask, 0);
}

/**
 * Which keys each query may attend to: those that the mask keeps and, if causal, none after the query.
 *
 * @param length of queries and keys, if causal
 * @param mask `[B, Lk]`
 * @returns bool that broadcasts to `[B, H, Lq, Lk]`; undefined if it may attend to all
 */
export function keptKeys(length: number | undefined, mask: Tensor | undefined): Tensor | undefined {
  const before = length === undefined ? undefined : notAfter(length);
  const kept = mask && expandDims(expandDims(isKept(mask), 1), 1);
  return before && kept ? logicalAnd(before, kept) : (before ?? kept);
}

/** `[1, 1, L, L]`, true where the key on the last axis is not after the query on the axis before it. */
function notAfter(length: number): Tensor {
  const positions = range(0, length);
  return lessEqual(reshape(positions, [1, 1, 1, length]), reshape(positions, [1, 1, length, 1]));
}
