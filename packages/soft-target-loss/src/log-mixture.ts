import { abs, add, exp, log1p, maximum, neg, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * `log(share a + (1 - share) b)` from the logarithms of a and b, for a share strictly between 0 and 1.
 *
 * It stays finite where a or b is zero, and keeps the digits of a mixture that float32 would round to zero.
 */
export function logMixture(logA: Tensor, logB: Tensor, share: number): Tensor {
  const [a, b] = [add(logA, Math.log(share)), add(logB, Math.log1p(-share))];
  return add(maximum(a, b), log1p(exp(neg(abs(sub(a, b))))));
}
