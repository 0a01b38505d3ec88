import { add, mul } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.js';

/** The rule for the gradient of `loss + λ/2 ‖x‖²`, which is `g + λ x`. */
export function withWeightDecay(rule: UpdateRule, weightDecay: number): UpdateRule {
  if (weightDecay === 0) return rule;
  return {
    slots: rule.slots,
    coefficients: (numbers, step) => ({ ...rule.coefficients(numbers, step), weightDecay }),
    update: (variable, gradient, slots, coefficients) => {
      const decay = mul(variable, coefficients['weightDecay'] as Scalar);
      return rule.update(variable, add(gradient, decay), slots, coefficients);
    },
  };
}

/**
 * The rule, started from `(1 - η λ) x`: a decay that bypasses the moments, and whose size does not depend on
 * the gradients.
 *
 * Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, with η as both the schedule and the
 * rate.
 */
export function withDecoupledWeightDecay(rule: UpdateRule, weightDecay: number): UpdateRule {
  if (weightDecay === 0) return rule;
  return {
    slots: rule.slots,
    coefficients: (numbers, step) => {
      const { rate } = numbers;
      return { ...rule.coefficients(numbers, step), kept: 1 - rate * weightDecay };
    },
    update: (variable, gradient, slots, coefficients) =>
      rule.update(mul(variable, coefficients['kept'] as Scalar), gradient, slots, coefficients),
  };
}
