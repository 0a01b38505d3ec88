import {
  abs,
  cast,
  customGrad,
  div,
  expandDims,
  greaterEqual,
  max,
  maximum,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import { absolutePower, slopeOfAbsolutePower } from './absolute-power.js';

// Features that are all below this make a map that shrinks towards zero with them. At length 1 its gradient, of the size of
// 1 / |f|, would grow without bound as they vanish. The references put 1e-12 under the length for power 2, which is the same place.
const smallest = 1e-6;
// With the largest feature scaled to 1 a map is at least 1 long; a half leaves room for divisions that a GPU rounds.
const shortest = 0.5;

/**
 * `Q / ||Q||`, `Q = sum_c |f_c|^power`, of feature maps `[B, H, W, C]`, with its gradient.
 *
 * Each example is divided by its largest feature first, which changes nothing in the quotient and keeps every power within
 * [0, 1]: a feature of 1e10 to the fourth overflows float32, one of 1e-12 vanishes in it.
 */
export function unitMap(features: Tensor, power: number): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = features.shape;
  return customGrad<Tensor>((...given) => {
    const [f, save] = given as [Tensor, GradSaveFunc];
    const positions = reshape(f, [batch, height * width, channels]);
    const scale = maximum(max(abs(positions), [1, 2], true), smallest);
    const scaled = div(positions, scale);
    const strengths = sum(absolutePower(scaled, power), 2);
    const lengths = sqrt(sum(square(strengths), 1, true));
    const map = div(strengths, maximum(lengths, shortest));
    save([scaled, scale, lengths, map]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor => {
      const [x, s, length, q] = saved as [Tensor, Tensor, Tensor, Tensor];
      const isUnit = cast(greaterEqual(length, shortest), 'float32');
      const alongMap = mul(q, mul(sum(mul(dy, q), 1, true), isUnit));
      const ofStrengths = div(sub(dy, alongMap), maximum(length, shortest));
      const ofFeatures = div(mul(expandDims(ofStrengths, 2), slopeOfAbsolutePower(x, power)), s);
      return reshape(ofFeatures, [batch, height, width, channels]);
    };
    return { value: map, gradFunc };
  })(features);
}
