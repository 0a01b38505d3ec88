import {
  abs,
  add,
  cast,
  div,
  greater,
  matMul,
  max,
  maximum,
  mul,
  reshape,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from '@kd/core';

// An example counts as zero if all its features are below this share of the largest feature in the batch.
const negligible = 1e-6;
// If no feature of a batch is above this, the batch is divided by this and not by its largest feature, which
// may be zero.
const smallest = 1e-6;

/**
 * The similarities `F F^T` of all pairs of examples, `[B, B]`, up to one positive factor, with their
 * gradient. The factor scales the largest feature to 1: in float32, products of features of 1e20 overflow and
 * those of 1e-20 vanish.
 *
 * The row of a zero example is set to zero and gets no gradient. Dividing by its length, zero, has no
 * derivative; with an epsilon in the divisor the gradient is about 1 / epsilon, 2e11 in the references, so
 * that one dead example ruins the step. The example still takes part in the rows of the others, where its
 * gradient is regular.
 */
export function similarities(features: Tensor): Tensor {
  const [batch = 0] = features.shape;
  return withGradient(features, (f) => {
    const flat = reshape(f, [batch, -1]);
    const largestOfRows = max(abs(flat), 1, true);
    const scale = maximum(max(largestOfRows), smallest);
    const scaled = div(flat, scale);
    const counts = cast(greater(largestOfRows, mul(scale, negligible)), 'float32');
    return {
      // Transposed beforehand: wasm multiplies by a transposed matrix at a tenth of the speed.
      value: mul(matMul(scaled, transpose(scaled)), counts),
      saved: [scaled, scale, counts],
      gradient: (dy, x, s, counting) => {
        const ofRows = mul(dy, counting);
        return reshape(div(matMul(add(ofRows, transpose(ofRows)), x), s), features.shape);
      },
    };
  });
}
