import { add, div, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel } from '@kd/core';
import type { UpdateRule } from './update-rule.js';

/** Decay rates of Adam's moments, and the ε of its divisor. */
export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * Adam: `m' = β₁ m + (1 - β₁) g`, `v' = β₂ v + (1 - β₂) g²`, `x - η m̂ / (√v̂ + ε)` with
 * `m̂ = m' / (1 - β₁ᵗ)`, `v̂ = v' / (1 - β₂ᵗ)`.
 *
 * Both corrections are folded into two numbers: `m̂ / (√v̂ + ε) = c / (1 - β₁ᵗ) · m' / (√v' + c ε)` with
 * `c = √(1 - β₂ᵗ)`. This saves two divisions of whole tensors, and is what TensorFlow's fused kernel computes
 * when its epsilon is `c ε`.
 */
export function adamRule({
  beta1,
  beta2,
  epsilon,
}: AdamSettings): UpdateRule<
  'firstMoment' | 'secondMoment',
  'rate' | 'beta1' | 'beta2' | 'new1' | 'new2' | 'epsilon' | 'fusedRate' | 'fusedEpsilon'
> {
  return {
    slots: ['firstMoment', 'secondMoment'],
    coefficients: ({ rate: learningRate }, step) => {
      const correction2 = Math.sqrt(1 - beta2 ** step);
      const rate = (learningRate * correction2) / (1 - beta1 ** step);
      const excess2 = Math.sqrt(excessOfFused(beta2));
      return {
        rate,
        beta1,
        beta2,
        new1: 1 - beta1,
        new2: 1 - beta2,
        epsilon: epsilon * correction2,
        fusedRate: (rate * excess2) / excessOfFused(beta1),
        fusedEpsilon: epsilon * correction2 * excess2,
      };
    },
    update: (variable, gradient, slots, coefficients) => {
      const { firstMoment: m, secondMoment: v } = slots;
      const { beta1: kept1, beta2: kept2, fusedRate, fusedEpsilon } = coefficients;
      const inputs = {
        variable,
        gradient,
        ...slots,
        rate: fusedRate,
        beta1: kept1,
        beta2: kept2,
        epsilon: fusedEpsilon,
      };
      // TensorFlow computes `v + (g² - v) (1 - β₂)`, which loses the digits of g² if only a small share of a
      // larger v is kept.
      const fused = beta2 < 0.5 ? undefined : fusedKernel('ResourceApplyAdam', inputs);
      if (fused !== undefined) {
        const [moved, firstMoment, secondMoment] = fused as [Tensor, Tensor, Tensor];
        return { variable: moved, slots: { firstMoment, secondMoment } };
      }
      const firstMoment = add(m, mul(sub(gradient, m), coefficients.new1));
      const secondMoment = add(mul(v, coefficients.beta2), mul(square(gradient), coefficients.new2));
      const direction = div(firstMoment, add(sqrt(secondMoment), coefficients.epsilon));
      return {
        variable: sub(variable, mul(direction, coefficients.rate)),
        slots: { firstMoment, secondMoment },
      };
    },
  };
}

/**
 * The factor by which a moment of TensorFlow's kernel is too large: the kernel computes `1 - β` in float32,
 * which near 1 is off by as much as 3e-5. The moment carries this factor from its first step on, so the step
 * can correct for it.
 */
function excessOfFused(beta: number): number {
  return (1 - Math.fround(beta)) / (1 - beta);
}
