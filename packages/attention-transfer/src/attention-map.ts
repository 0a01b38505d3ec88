import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions } from '@kd/core';
import { checkFeatureMaps } from './check-feature-maps.js';
import { checkPower } from './check-power.js';
import { unitMap } from './unit-map.js';

/** Options of `attentionMap`. */
export interface AttentionMapOptions {
  /** Power p of the activations, finite and >= 1; default 2. The larger it is, the more the strongest positions count. */
  readonly power?: number;
}

/**
 * Where a layer looks: `Q / ||Q||` with `Q = sum_c |f_c|^p` at each position.
 *
 * Length 1, or zero for an example whose features are all zero. Neither the sign nor the scale of the features matters, nor
 * whether channels are summed or averaged. Differentiable with respect to the features (Zagoruyko and Komodakis 2017, section 3.1).
 *
 * @param features f, float32 `[B, H, W, C]`, any finite values
 * @returns float32 `[B, H * W]`, values in [0, 1], row by row of the map
 * @throws `KD_OPTION_RANGE` for a power < 1 or not finite, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
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
  checkOptions(where, options, ['power']);
  const { power = 2 } = options;
  checkPower(where, power);
  checkFeatureMaps(where, 'features', features);
  return tidy(() => unitMap(features, power));
}
