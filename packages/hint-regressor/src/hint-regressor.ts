import { tidy, zeros } from '@tensorflow/tfjs-core';
import type { Shape } from '@kd/core';
import { HintRegressor, hintRegressorOptions } from './layer.js';
import { planRegressor } from './regressor/plan.js';
import type { HintRegressorOptions } from './layer.js';

/**
 * Builds the regressor from a guided layer to a hint, chosen from both shapes: a layer with its weights.
 *
 * - equal heights and widths: a 1x1 convolution (`pointwise`); for vectors a dense layer
 * - a larger student: a convolution without padding, kernel `(H_s - H_t + 1, W_s - W_t + 1)` (Romero et al.
 *   2015, section 2.2)
 * - otherwise: a 1x1 convolution and resizing (`resize`)
 * - on request: `transposed`, `identity`, and `batchNormalized`, the regressor of RepDistiller
 *
 * @param teacherShape output shape of the hint layer, batch first: `[null, H, W, C]`, `[null, L, C]` or
 *   `[null, N]`
 * @param studentShape output shape of the guided layer, of equal rank
 * @param options kind, activation, `identityWhenEqual`, seed and name
 * @returns a built `HintRegressor`; its `plan` says how it maps and how many parameters it has
 * @throws `KD_HINT_SHAPES`, with both shapes, if they cannot be mapped; `KD_TENSOR_SHAPE` for a shape that
 *   cannot be a hint's; `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { hintRegressor } from '@kd/hint-regressor';
 * const regressor = hintRegressor([null, 8, 8, 96], [null, 16, 12, 40]);
 * console.log(regressor.plan?.kind, regressor.plan?.kernelShape?.join('x'), regressor.plan?.parameters);
 * // convolution 9x5x40x96 172896
 * const small = hintRegressor([null, 8, 8, 96], [null, 16, 12, 40], { kind: 'resize' });
 * console.log(small.plan?.parameters);
 * // 3936
 * ```
 */
export function hintRegressor(
  teacherShape: Shape,
  studentShape: Shape,
  options: HintRegressorOptions = {},
): HintRegressor {
  const where = 'hintRegressor';
  const settings = hintRegressorOptions.read(where, options);
  planRegressor(where, studentShape, teacherShape, settings);
  const layer = new HintRegressor({ ...settings, hintShape: teacherShape });
  tidy(() => {
    // By applying it, because tfjs refuses to dispose a layer that was built but never applied.
    layer.apply(zeros([1, ...studentShape.slice(1).map((size) => size ?? 1)]));
  });
  return layer;
}
