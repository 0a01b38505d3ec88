import { div, maximum, mul, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.js';

/**
 * The rule, followed by a projection to the nearest weights at which no unit's incoming vector is longer than
 * `c`: `w min(1, c / ‖w‖)`.
 *
 * Hinton et al. 2012, Improving neural networks by preventing co-adaptation of feature detectors, section 2.
 */
export function withMaxNorm(rule: UpdateRule, maxNorm: number | undefined): UpdateRule {
  if (maxNorm === undefined) return rule;
  return {
    slots: rule.slots,
    coefficients: (rate, step) => ({ ...rule.coefficients(rate, step), maxNorm }),
    update: (variable, gradient, slots, coefficients) => {
      const updated = rule.update(variable, gradient, slots, coefficients);
      return { ...updated, variable: shortened(updated.variable, coefficients['maxNorm'] as Scalar) };
    },
  };
}

/** Kernels `[..., units]` only: a bias is not an incoming vector. */
function shortened(kernel: Tensor, maxNorm: Scalar): Tensor {
  if (kernel.rank < 2) return kernel;
  const incoming = Array.from({ length: kernel.rank - 1 }, (_, axis) => axis);
  const lengths = sqrt(sum(square(kernel), incoming, true));
  // c / max(‖w‖, c) is exactly 1 if nothing needs to be done.
  return mul(kernel, div(maxNorm, maximum(lengths, maxNorm)));
}
