import { serialization } from '@tensorflow/tfjs-core';
import { boolean, optionsOf, positive } from '@kd/core';
import type { Schedule } from '@kd/core';
import { decayRate, momentumOption } from './decay-rate.js';
import { rmspropRule } from './rmsprop-rule.js';
import { RuleOptimizer } from './rule-optimizer.js';
import type { OptimizerParts } from './rule-optimizer.js';
import { learningRateOption, sharedOptions } from './optimizer-options.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { withWeightDecay } from './weight-decay.js';

/** Options of `rmsprop`. */
export interface RmspropOptions extends OptimizerOptions {
  /** α, of the average of squares, in [0, 1); default 0.99. */
  readonly alpha?: number;
  /** ε, outside the root, finite and > 0; default 1e-8. */
  readonly epsilon?: number;
  /** μ, in [0, 1), or a schedule `({ step, epoch }) => μ`; default 0. */
  readonly momentum?: number | Schedule;
  /**
   * Divides by the standard deviation of the gradients instead of the root of their mean square; default
   * false.
   */
  readonly centered?: boolean;
}

const rmspropOptions = optionsOf<RmspropOptions>()({
  ...sharedOptions.fields,
  learningRate: learningRateOption.default(0.01),
  alpha: decayRate.default(0.99),
  epsilon: positive.default(1e-8),
  momentum: momentumOption.default(0),
  centered: boolean.default(false),
});

const where = 'rmsprop';

/** The optimizer that `rmsprop` returns. */
export class RmspropOptimizer extends RuleOptimizer {
  /** @nocollapse */
  static readonly className: string = 'KdRmsprop';

  constructor(options: RmspropOptions = {}) {
    super(partsOf(options));
  }
}

/**
 * RMSProp: `g' = g + λ x`, `s' = α s + (1 - α) g'²`, `d = g' / (√s' + ε)`, `x' = x - η d`.
 *
 * Centred, `√(s' - a'²)` with `a' = α a + (1 - α) g'` replaces `√s'`; with momentum the step is
 * `b' = μ b + d`, `x' = x - η b'`. The formula of `torch.optim.RMSprop`. Tieleman and Hinton 2012, Lecture
 * 6.5; centred: Graves 2013, Generating Sequences With Recurrent Neural Networks.
 *
 * @param options learning rate η, default 0.01, a number >= 0 or a schedule; alpha in [0, 1); momentum μ
 *   in [0, 1) or a schedule; epsilon > 0; centered; weightDecay λ >= 0; clipNorm and maxNorm, > 0, the latter
 *   also by layer path
 * @returns an optimizer for `model.compile`, `minimize`, or a stage of `@kd/trainer`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import '@tensorflow/tfjs-layers';
 * import { rmsprop } from '@kd/optimizers';
 * import { square, sum, tensor1d, variable, type Scalar } from '@tensorflow/tfjs-core';
 *
 * const x = variable(tensor1d([1, -100]));
 * rmsprop({ learningRate: 0.01 }).minimize(() => sum(square(x)) as Scalar, false, [x]);
 * console.log(Array.from(await x.data(), (value) => value.toFixed(4)).join(' '));
 * // 0.9000 -99.9000
 * ```
 */
export function rmsprop(options: RmspropOptions = {}): RmspropOptimizer {
  return new RmspropOptimizer(options);
}

function partsOf(options: RmspropOptions): OptimizerParts {
  const settings = rmspropOptions.read(where, options);
  const rule = rmspropRule({ ...settings, accumulates: settings.momentum !== 0 });
  return { where, rule: withWeightDecay(rule, settings.weightDecay), settings };
}

serialization.registerClass(RmspropOptimizer, '@kd');
