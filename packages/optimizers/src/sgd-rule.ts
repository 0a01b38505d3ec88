import { add, mul, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel } from '@kd/core';
import type { UpdateRule } from './update-rule.js';

/** Gradient descent: `x - η g`. */
export const gradientDescent: UpdateRule<never, 'rate'> = {
  slots: [],
  coefficients: ({ rate }) => ({ rate }),
  update: (variable, gradient, _, { rate }) => ({ variable: sub(variable, mul(gradient, rate)), slots: {} }),
};

/** How gradients accumulate. */
export interface MomentumSettings {
  readonly dampening: number;
  readonly nesterov: boolean;
}

/**
 * Descent along a running sum of gradients: `b' = μ b + (1 - dampening) g`, `x - η b'`; with Nesterov
 * `x - η (g + μ b')`.
 *
 * The learning rate is outside the sum, as in PyTorch: a schedule affects only the next step, not the
 * gradients already summed.
 */
export function momentumRule({
  dampening,
  nesterov,
}: MomentumSettings): UpdateRule<'momentumBuffer', 'rate' | 'momentum' | 'share'> {
  return {
    slots: ['momentumBuffer'],
    // The first gradient is taken in full, as in PyTorch.
    coefficients: ({ rate, momentum }, step) => ({ rate, momentum, share: step === 1 ? 1 : 1 - dampening }),
    update: (variable, gradient, slots, coefficients) => {
      const { rate, momentum: kept, share } = coefficients;
      const inputs = { variable, gradient, ...slots, rate, momentum: kept };
      const fused = dampening === 0 ? fusedKernel('ResourceApplyMomentum', inputs, { nesterov }) : undefined;
      if (fused !== undefined) {
        const [moved, buffer] = fused as [Tensor, Tensor];
        return { variable: moved, slots: { momentumBuffer: buffer } };
      }
      const taken = dampening === 0 ? gradient : mul(gradient, share);
      const momentumBuffer = add(mul(slots.momentumBuffer, kept), taken);
      const direction = nesterov ? add(gradient, mul(momentumBuffer, kept)) : momentumBuffer;
      return { variable: sub(variable, mul(direction, rate)), slots: { momentumBuffer } };
    },
  };
}
