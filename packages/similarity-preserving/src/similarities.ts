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

// The share of the largest feature in the batch below which all features of an example count as zero.
const negligible = 1e-6;
// A batch without a feature above this is divided by it, not by its largest, which may be zero.
const smallest = 1e-6;

/**
 * The similarities `F F^T` of all pairs of examples, `[B, B]`, up to one positive factor, with their gradient.
 *
 * The factor is such that no feature is larger than 1: the products of features of 1e20 overflow float32, those of 1e-20 vanish.
 *
 * The row of a zero example is set to zero and gets no gradient. Its length as a row is zero, and a quotient by a length that
 * vanishes has no derivative there; held up by an epsilon its gradient is of the size 1 / epsilon, 2e11 in the references, and one
 * dead example ruins the step. The same example still takes part in the rows of the others, whose gradient is regular.
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
      // Transposed beforehand, as wasm multiplies by a transposed matrix at a tenth of the speed.
      value: mul(matMul(scaled, transpose(scaled)), counts),
      saved: [scaled, scale, counts],
      gradient: (dy, x, s, counting) => {
        const ofRows = mul(dy, counting);
        return reshape(div(matMul(add(ofRows, transpose(ofRows)), x), s), features.shape);
      },
    };
  });
}
