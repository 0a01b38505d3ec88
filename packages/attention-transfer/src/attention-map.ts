import { checkFeatures, featureMaps, numberIn, optionsOf, signOf, withGradient } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import {
  abs,
  cast,
  div,
  expandDims,
  greaterEqual,
  max,
  maximum,
  mul,
  pow,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Options of `attentionMap`. */
export interface AttentionMapOptions {
  /**
   * Power p of the activations, finite and >= 1; default 2. A larger power emphasises the strongest
   * positions.
   */
  readonly power?: number;
}

// For p < 1, |f|^p is infinitely steep at f = 0, and a ReLU sets most features to 0.
const power = numberIn(
  'a finite number >= 1',
  (p) => Number.isFinite(p) && p >= 1,
  'Use a power from 1 to 4, as is usual.',
);

export const attentionMapOptions: Options<
  AttentionMapOptions,
  FieldsOf<AttentionMapOptions, 'power'>
> = optionsOf<AttentionMapOptions>()({ power: power.default(2) });

/**
 * Where a layer looks: `Q / ||Q||` with `Q = sum_c |f_c|^p` at each position.
 *
 * Each map has length 1, or is zero if all features of the example are zero. Neither the sign nor the scale
 * of the features matters, nor whether channels are summed or averaged. Differentiable with respect to the
 * features (Zagoruyko and Komodakis 2017, section 3.1).
 *
 * @param features f, float32 `[B, H, W, C]`, any finite values
 * @returns float32 `[B, H * W]`, values in [0, 1], row by row of the map
 * @throws `KD_OPTION_RANGE` for a power < 1 or not finite, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`,
 *   `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { attentionMap } from '@kd/attention-transfer';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * const features = tensor4d([1, -1, 0, 2], [1, 1, 2, 2]);
 * const map = await attentionMap(features).data();
 * console.log(Array.from(map, (x) => x.toFixed(4)).join(' '));
 * // 0.4472 0.8944
 * ```
 */
export function attentionMap(features: Tensor, options: AttentionMapOptions = {}): Tensor {
  const where = 'attentionMap';
  const { power } = attentionMapOptions.read(where, options);
  checkFeatures(where, 'features', features, featureMaps);
  return tidy(() => unitMap(features, power));
}

// If all features are below this, the map shrinks towards zero with them. If it kept length 1, its gradient,
// about 1 / |f|, would grow without bound. The references use an epsilon of 1e-12 in the length for power 2,
// which takes effect at the same size.
const smallest = 1e-6;
// With the largest feature scaled to 1, a map has at least length 1. One half leaves room for a GPU's
// rounding.
const shortest = 0.5;

/**
 * `Q / ||Q||`, `Q = sum_c |f_c|^power`, of feature maps `[B, H, W, C]`, with its gradient.
 *
 * Each example is first divided by its largest feature. That leaves the quotient unchanged and keeps every
 * power within [0, 1]: in float32, 1e10 to the fourth power overflows and 1e-12 to the fourth power vanishes.
 */
export function unitMap(features: Tensor, power: number): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = features.shape;
  return withGradient(features, (f) => {
    const positions = reshape(f, [batch, height * width, channels]);
    const scale = maximum(max(abs(positions), [1, 2], true), smallest);
    const scaled = div(positions, scale);
    const strengths = sum(absolutePower(scaled, power), 2);
    const lengths = sqrt(sum(square(strengths), 1, true));
    const map = div(strengths, maximum(lengths, shortest));
    const gradient = (dy: Tensor, x: Tensor, s: Tensor, length: Tensor, q: Tensor): Tensor => {
      const isUnit = cast(greaterEqual(length, shortest), 'float32');
      const alongMap = mul(q, mul(sum(mul(dy, q), 1, true), isUnit));
      const ofStrengths = div(sub(dy, alongMap), maximum(length, shortest));
      const ofFeatures = div(mul(expandDims(ofStrengths, 2), slopeOfAbsolutePower(x, power)), s);
      return reshape(ofFeatures, [batch, height, width, channels]);
    };
    return { value: map, saved: [scaled, scale, lengths, map], gradient };
  });
}

/** `|x|^power`. */
function absolutePower(x: Tensor, power: number): Tensor {
  // On wasm a square takes a fifth of the time of a power, and nearly everyone uses 2.
  return power === 2 ? square(x) : pow(abs(x), power);
}

/** The derivative of `|x|^power`; 0 at x = 0, for power = 1 too. */
function slopeOfAbsolutePower(x: Tensor, power: number): Tensor {
  return power === 2 ? mul(x, 2) : mul(mul(pow(abs(x), power - 1), signOf(x)), power);
}
