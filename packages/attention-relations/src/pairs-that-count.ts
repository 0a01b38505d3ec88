import { cast, greaterEqual, mul, ones, range, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** 1 where a position looks at one that counts, and counts itself, else 0: `[B or 1, 1, L, L]`. */
export function pairsThatCount(length: number, mask: Tensor | undefined, causal: boolean): Tensor {
  const places = range(0, length);
  const order = causal
    ? cast(greaterEqual(reshape(places, [length, 1]), places), 'float32')
    : ones([length, length]);
  const pairs = reshape(order, [1, 1, length, length]);
  if (mask === undefined) return pairs;
  const ofKeys = mul(pairs, reshape(mask, [-1, 1, 1, length]));
  return mul(ofKeys, reshape(mask, [-1, 1, length, 1]));
}
