import { serialization } from '@tensorflow/tfjs-core';
import { optionsOf, positive } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { adamRule } from './adam-rule.js';
import { decayRate } from './decay-rate.js';
import { RuleOptimizer } from './rule-optimizer.js';
import type { OptimizerParts } from './rule-optimizer.js';
import { sharedOptions } from './optimizer-options.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { withWeightDecay } from './weight-decay.js';

/** Options of `adam`. */
export interface AdamOptions extends OptimizerOptions {
  /** β₁, of the first moment, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** β₂, of the second moment, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** ε, outside the root, finite and > 0; default 1e-8. */
  readonly epsilon?: number;
}

export const adamOptions: Options<
  AdamOptions,
  FieldsOf<AdamOptions, 'learningRate' | 'weightDecay' | 'beta1' | 'beta2' | 'epsilon'>
> = optionsOf<AdamOptions>()({
  ...sharedOptions.fields,
  beta1: decayRate.default(0.9),
  beta2: decayRate.default(0.999),
  epsilon: positive.default(1e-8),
});

const where = 'adam';

/** The optimizer that `adam` returns. */
export class AdamOptimizer extends RuleOptimizer {
  /** @nocollapse */
  static readonly className: string = 'KdAdam';

  constructor(options: AdamOptions = {}) {
    super(partsOf(options));
  }
}

/**
 * Adam: `g' = g + λ x`, `m' = β₁ m + (1 - β₁) g'`, `v' = β₂ v + (1 - β₂) g'²`, `x' = x - η m̂ / (√v̂ + ε)`
 * with `m̂ = m' / (1 - β₁ᵗ)`, `v̂ = v' / (1 - β₂ᵗ)`, where t counts the steps of the variable.
 *
 * The formula of `torch.optim.Adam`. Its weight decay passes through the moments; that of `adamW` does not.
 * Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, algorithm 1.
 *
 * @param options learning rate η, default 1e-3, a number >= 0 or a schedule; beta1 and beta2 in [0, 1);
 *   epsilon > 0; weightDecay λ >= 0; clipNorm and maxNorm, > 0, the latter also by layer path
 * @returns an optimizer for `model.compile`, `minimize`, or a stage of `@kd/trainer`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import '@tensorflow/tfjs-layers';
 * import { adam } from '@kd/optimizers';
 * import { square, sum, tensor1d, variable, type Scalar } from '@tensorflow/tfjs-core';
 *
 * const x = variable(tensor1d([1, -100]));
 * const optimizer = adam({ learningRate: 0.1 });
 * optimizer.minimize(() => sum(square(x)) as Scalar, false, [x]);
 * console.log(Array.from(await x.data(), (value) => value.toFixed(4)).join(' '));
 * // 0.9000 -99.9000
 * ```
 */
export function adam(options: AdamOptions = {}): AdamOptimizer {
  return new AdamOptimizer(options);
}

function partsOf(options: AdamOptions): OptimizerParts {
  const settings = adamOptions.read(where, options);
  return { where, rule: withWeightDecay(adamRule(settings), settings.weightDecay), settings };
}

serialization.registerClass(AdamOptimizer, '@kd');
