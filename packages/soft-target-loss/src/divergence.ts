import { exp, expm1, less, mul, sub, sum, where } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * A logarithm that means probability zero at every temperature in use. It is finite, so that 0 * log 0 is 0
 * and not NaN.
 */
export const impossible = -1e30;

/**
 * `KL(p || q) = sum p (log p - log q)` over the last axis, from logarithms, never negative.
 *
 * With d = log q - log p it sums p (e^d - 1 - d). This equals the definition, because both p and q sum to
 * one, but has no terms of opposite sign. The definition loses four digits at T = 100 and is negative for
 * half of all near-equal pairs.
 */
export function klDivergence(logP: Tensor, logQ: Tensor): Tensor {
  const d = sub(logQ, logP);
  const p = exp(logP);
  const small = mul(p, sub(expm1(d), d));
  // The same for d >= 1, where e^d may overflow: p e^d = q.
  const large = sub(sub(exp(logQ), p), mul(p, d));
  return sum(where(less(d, 1), small, large), -1);
}

/**
 * Gradient of `sum q a` with respect to the logits of q, for a constant a: `q (a - sum q a)`, from the
 * Jacobian of the softmax.
 */
export function throughSoftmax(q: Tensor, a: Tensor): Tensor {
  return mul(q, sub(a, sum(mul(q, a), -1, true)));
}
