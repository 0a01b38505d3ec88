import { broadcastTo, cast, fill, mul, softmax, sub, sum, where } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from '@kd/core';

// Below every score. On WebGPU a row of the lowest number of float32, -3.4e38 and a little, is NaN.
const lowest = -3e38;

/**
 * Softmax over the last axis of the numbers that are kept, `p_i = kept_i exp(x_i) / Σ_j kept_j exp(x_j)`.
 *
 * All others get exactly 0, and no gradient, whatever they are; so do all numbers of a row that keeps none.
 *
 * @param kept bool that broadcasts to the shape of x; all are kept if it is undefined
 */
export function maskedSoftmax(x: Tensor, kept: Tensor | undefined): Tensor {
  if (kept === undefined) return softmax(x);
  return withGradient(x, (scores) => {
    const masked = where(broadcastTo(kept, scores.shape), scores, fill(scores.shape, lowest));
    // The product is for rows that keep nothing, and where exp of little is not 0 but the smallest number.
    const value = mul(softmax(masked), cast(kept, 'float32'));
    return { value, saved: [value], gradient: softmaxGradient };
  });
}

/** `p (dp - Σ_j p_j dp_j)`, which is 0 where p is. */
function softmaxGradient(dp: Tensor, p: Tensor): Tensor {
  const weighted = mul(dp, p);
  return sub(weighted, mul(p, sum(weighted, -1, true)));
}
