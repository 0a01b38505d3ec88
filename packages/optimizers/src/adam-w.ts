import { serialization } from '@tensorflow/tfjs-core';
import { nonNegative, optionsOf } from '@kd/core';
import { adamOptions } from './adam.js';
import type { AdamOptions } from './adam.js';
import { adamRule } from './adam-rule.js';
import { RuleOptimizer } from './rule-optimizer.js';
import type { OptimizerParts } from './rule-optimizer.js';
import { withDecoupledWeightDecay } from './weight-decay.js';

/** Options of `adamW`: those of `adam`, with a weight decay of 0.01 by default. */
export type AdamWOptions = AdamOptions;

const adamWOptions = optionsOf<AdamWOptions>()({
  ...adamOptions.fields,
  weightDecay: nonNegative.default(0.01),
});

const where = 'adamW';

/** The optimizer that `adamW` returns. */
export class AdamWOptimizer extends RuleOptimizer {
  /** @nocollapse */
  static readonly className: string = 'KdAdamW';

  constructor(options: AdamWOptions = {}) {
    super(partsOf(options));
  }
}

/**
 * Adam with decoupled weight decay: the step of `adam` without λ, starting from `(1 - η λ) x` instead of x.
 *
 * The formula of `torch.optim.AdamW`. Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization,
 * algorithm 2.
 *
 * @param options learning rate η, default 1e-3, a number >= 0 or a schedule; beta1 and beta2 in [0, 1);
 *   epsilon > 0; weightDecay λ >= 0, default 0.01; clipNorm and maxNorm, > 0, the latter also by layer path
 * @returns an optimizer for `model.compile`, `minimize`, or a stage of `@kd/trainer`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { adamW } from '@kd/optimizers';
 * import { tensor1d, variable, zerosLike } from '@tensorflow/tfjs-core';
 *
 * // Without a gradient there is only the decay.
 * const x = variable(tensor1d([1, -100]));
 * adamW({ learningRate: 0.1, weightDecay: 0.5 }).applyGradients([{ name: x.name, tensor: zerosLike(x) }]);
 * console.log(Array.from(await x.data(), (value) => value.toFixed(4)).join(' '));
 * // 0.9500 -95.0000
 * ```
 */
export function adamW(options: AdamWOptions = {}): AdamWOptimizer {
  return new AdamWOptimizer(options);
}

function partsOf(options: AdamWOptions): OptimizerParts {
  const settings = adamWOptions.read(where, options);
  return { where, rule: withDecoupledWeightDecay(adamRule(settings), settings.weightDecay), settings };
}

serialization.registerClass(AdamWOptimizer, '@kd');
