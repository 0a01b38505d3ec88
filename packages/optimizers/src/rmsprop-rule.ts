import { add, div, mul, relu, sqrt, square, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.js';

/** Decay rate of RMSProp's averages, the ε of its divisor, and what else it accumulates. */
export interface RmspropSettings {
  readonly alpha: number;
  readonly epsilon: number;
  readonly accumulates: boolean;
  readonly centered: boolean;
}

type Slot = 'squareAverage' | 'gradientAverage' | 'momentumBuffer';
type Coefficient = 'rate' | 'alpha' | 'new' | 'epsilon' | 'momentum';

/**
 * RMSProp: `s' = α s + (1 - α) g²`, `d = g / (√s' + ε)`, `x - η d`.
 *
 * Centred, `√(s' - a'²)` with `a' = α a + (1 - α) g` replaces `√s'`; with momentum `b' = μ b + d` replaces
 * the last `d`.
 */
export function rmspropRule({
  alpha,
  epsilon,
  accumulates,
  centered,
}: RmspropSettings): UpdateRule<Slot, Coefficient> {
  const slots: Slot[] = ['squareAverage'];
  if (centered) slots.push('gradientAverage');
  if (accumulates) slots.push('momentumBuffer');
  return {
    slots,
    coefficients: ({ rate, momentum }) => ({ rate, alpha, new: 1 - alpha, epsilon, momentum }),
    update: (variable, gradient, given, coefficients) => {
      const squareAverage = add(
        mul(given.squareAverage, coefficients.alpha),
        mul(square(gradient), coefficients.new),
      );
      const updated: Partial<Record<Slot, Tensor>> = { squareAverage };
      let power: Tensor = squareAverage;
      if (centered) {
        const { gradientAverage: average } = given;
        const gradientAverage = add(average, mul(sub(gradient, average), coefficients.new));
        updated.gradientAverage = gradientAverage;
        // The variance of a gradient that hardly changes: rounding may make it negative, and its root NaN.
        power = relu(sub(squareAverage, square(gradientAverage)));
      }
      let direction: Tensor = div(gradient, add(sqrt(power), coefficients.epsilon));
      if (accumulates) {
        direction = add(mul(given.momentumBuffer, coefficients.momentum), direction);
        updated.momentumBuffer = direction;
      }
      return {
        variable: sub(variable, mul(direction, coefficients.rate)),
        slots: updated as Record<Slot, Tensor>,
      };
    },
  };
}
