import { div, maximum, mul, sqrt, square, sum } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.js';

/**
 * The rule followed by the nearest weights at which no unit has an incoming vector longer than `c`: `w min(1, c / ‖w‖)`.
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

/** Kernels `[..., units]` only: a bias is the incoming vector of no unit. */
function shortened(kernel: Tensor, maxNorm: Scalar): Tensor {
  if (kernel.rank < 2) return kernel;
  const incoming = Array.from({ length: kernel.rank - 1 }, (_, axis) => axis);
  const lengths = sqrt(sum(square(kernel), incoming, true));
  // c / max(‖w‖, c) is 1 to the bit where nothing is to be done.
  return mul(kernel, div(maxNorm, maximum(lengths, maxNorm)));
}
