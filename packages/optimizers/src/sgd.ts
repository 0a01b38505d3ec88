import { serialization } from '@tensorflow/tfjs-core';
import { boolean, describeValue, fraction, KdError, optionsOf } from '@kd/core';
import type { Schedule } from '@kd/core';
import { momentumOption } from './decay-rate.js';
import { RuleOptimizer } from './rule-optimizer.js';
import type { OptimizerParts } from './rule-optimizer.js';
import { gradientDescent, momentumRule } from './sgd-rule.js';
import { sharedOptions } from './optimizer-options.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { withWeightDecay } from './weight-decay.js';

/** Options of `sgd`. */
export interface SgdOptions extends OptimizerOptions {
  /** μ, in [0, 1), or a schedule `({ step, epoch }) => μ`; default 0. */
  readonly momentum?: number | Schedule;
  /** Share of each gradient, except the first, that does not enter the momentum, in [0, 1]; default 0. */
  readonly dampening?: number;
  /** Looks ahead along the momentum; default false. Needs momentum without dampening. */
  readonly nesterov?: boolean;
}

const sgdOptions = optionsOf<SgdOptions>()({
  ...sharedOptions.fields,
  momentum: momentumOption.default(0),
  dampening: fraction.default(0),
  nesterov: boolean.default(false),
});

const where = 'sgd';

/** The optimizer that `sgd` returns. */
export class SgdOptimizer extends RuleOptimizer {
  /** @nocollapse */
  static readonly className: string = 'KdSgd';

  constructor(options: SgdOptions = {}) {
    super(partsOf(options));
  }
}

/**
 * Gradient descent with momentum: `g' = g + λ x`, `b' = μ b + (1 - dampening) g'`, `x' = x - η b'`, with
 * Nesterov `x' = x - η (g' + μ b')`.
 *
 * The formula of `torch.optim.SGD`: the learning rate is outside the momentum, and the first gradient is
 * taken in full. Sutskever et al. 2013, On the importance of initialization and momentum in deep learning.
 *
 * @param options learning rate η, default 1e-3, a number >= 0 or a schedule; momentum μ in [0, 1) or a
 *   schedule; dampening in [0, 1]; nesterov; weightDecay λ >= 0; clipNorm > 0; maxNorm > 0, also by layer
 *   path
 * @returns an optimizer for `model.compile`, `minimize`, or a stage of `@kd/trainer`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import '@tensorflow/tfjs-layers';
 * import { sgd } from '@kd/optimizers';
 * import { scalar, square, variable, type Scalar } from '@tensorflow/tfjs-core';
 *
 * const x = variable(scalar(1));
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.5 });
 * for (let step = 0; step < 3; step++) {
 *   optimizer.minimize(() => square(x) as Scalar, false, [x]);
 *   console.log((await x.data())[0]?.toFixed(4));
 * }
 * // 0.8000
 * // 0.5400
 * // 0.3020
 * ```
 */
export function sgd(options: SgdOptions = {}): SgdOptimizer {
  return new SgdOptimizer(options);
}

function partsOf(options: SgdOptions): OptimizerParts {
  const settings = sgdOptions.read(where, options);
  checkNeedsMomentum(settings);
  const descent = settings.momentum === 0 ? gradientDescent : momentumRule(settings);
  return { where, rule: withWeightDecay(descent, settings.weightDecay), settings };
}

/** Without momentum, dampening and Nesterov have no effect; Nesterov's formula has no dampening. */
function checkNeedsMomentum({
  momentum,
  dampening,
  nesterov,
}: Required<Pick<SgdOptions, 'momentum' | 'dampening' | 'nesterov'>>): void {
  const refuse = (argument: string, expected: string, received: string): void => {
    const remedy = 'Pass a momentum, for example 0.9, and leave the dampening at 0 with nesterov.';
    throw new KdError({ code: 'KD_OPTION_RANGE', where, argument, expected, received, remedy });
  };
  if (nesterov && (momentum === 0 || dampening > 0)) {
    const received = `true with momentum ${describeValue(momentum)} and dampening ${String(dampening)}`;
    refuse('options.nesterov', 'false without momentum or with dampening', received);
  }
  if (dampening > 0 && momentum === 0) refuse('options.dampening', '0 without momentum', String(dampening));
}

serialization.registerClass(SgdOptimizer, '@kd');
