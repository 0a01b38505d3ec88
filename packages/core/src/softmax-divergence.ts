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
import { withGradient } from './gradients.js';

/**
 * The divergence of two softmaxes over the last axis, `T² KL(p || q)` with `p = softmax(teacher / T)` and
 * `q = softmax(student / T)`, never negative. The teacher gets no gradient.
 *
 * For authors of terms; call it in a `tidy`.
 *
 * @param teacher float32 `[..., N]`, any finite values
 * @param student float32 of the same shape
 * @param temperature T, a number > 0, or a scalar tensor
 * @returns float32 `[...]`
 *
 * @example
 * ```ts
 * import { softmaxDivergence } from '@kd/core';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
 * console.log((await softmaxDivergence(teacher, student, 4).data())[0]?.toFixed(4));
 * // 1.7409
 * ```
 */
export function softmaxDivergence(teacher: Tensor, student: Tensor, temperature: Tensor | number): Tensor {
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
