import { withGradient } from '@kd/core';
import {
  div,
  exp,
  expandDims,
  expm1,
  less,
  logSoftmax,
  mul,
  sub,
  sum,
  where as select,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * `T² KL(p || q)` over the last axis, with `p = softmax(teacher / T)` and `q = softmax(student / T)`.
 * The teacher gets no gradient.
 */
export function divergence(teacher: Tensor, student: Tensor, temperature: Tensor | number): Tensor {
  return withGradient(student, (logits) => {
    const [logP, logQ] = [teacher, logits].map((z) => logSoftmax(div(z, temperature))) as [Tensor, Tensor];
    const [p, q, d] = [exp(logP), exp(logQ), sub(logQ, logP)];
    // p (e^d - 1 - d) sums to the same as -p d, because p and q sum to one, but is never negative.
    // At high temperatures -p d loses most of its digits. Where d is large, p e^d = q.
    const terms = select(less(d, 1), mul(p, sub(expm1(d), d)), sub(sub(q, p), mul(p, d)));
    const squared = mul(temperature, temperature);
    return {
      value: mul(sum(terms, -1), squared),
      saved: [mul(sub(q, p), temperature)],
      gradient: (dy, slope) => mul(expandDims(dy, -1), slope),
    };
  });
}
