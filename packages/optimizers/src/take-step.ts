import { mul, scalar, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { clipCoefficient } from './clip-coefficient.js';
import { nothingGathered } from './gathered.js';
import type { Gathered } from './gathered.js';
import { withinMaxNorm } from './max-norm.js';
import type { Move } from './moves.js';
import type { StepNumbers, UpdateRule } from './update-rule.js';

/** What a step needs besides gradients. */
export interface StepSettings {
  readonly rule: UpdateRule;
  readonly numbers: StepNumbers;
  readonly clipNorm: number | undefined;
  /** The limit on the incoming vectors of a variable; undefined if there is none. */
  readonly maxNormOf: (variable: Variable) => number | undefined;
}

/**
 * Moves variables by their gradients, and updates their accumulated values, which it creates for new
 * variables.
 */
export function takeStep(
  { rule, numbers, clipNorm, maxNormOf }: StepSettings,
  moves: readonly Move[],
  gathered: Map<Variable, Gathered>,
): void {
  tidy(() => {
    const clipped = clipNorm === undefined ? (gradient: Tensor) => gradient : clipping(moves, clipNorm);
    const coefficientsAt = remembered((step) => scalarsOf(rule.coefficients(numbers, step)));
    const limitAt = remembered((limit) => scalar(limit));
    for (const { variable, gradient } of moves) {
      const own = gathered.get(variable) ?? nothingGathered(rule.slots, variable);
      gathered.set(variable, own);
      if (gradient === undefined) continue;
      const coefficients = coefficientsAt(own.steps + 1);
      const maxNorm = maxNormOf(variable);
      const limit = maxNorm === undefined ? undefined : limitAt(maxNorm);
      // A separate tidy: what one variable needs is freed before the next one.
      tidy(() => {
        const updated = rule.update(variable, clipped(gradient), own.slots, coefficients);
        for (const [name, slot] of Object.entries(own.slots)) slot.assign(updated.slots[name] as Tensor);
        variable.assign(limit === undefined ? updated.variable : withinMaxNorm(updated.variable, limit));
      });
      own.steps += 1;
    }
  });
}

function clipping(moves: readonly Move[], clipNorm: number): (gradient: Tensor) => Tensor {
  const gradients = moves.flatMap(({ gradient }) => gradient ?? []);
  if (gradients.length === 0) return (gradient) => gradient;
  const coefficient = clipCoefficient(gradients, clipNorm);
  return (gradient) => mul(gradient, coefficient);
}

/** All variables with the same number of steps share their coefficients; usually all of them. */
function remembered<Value>(make: (key: number) => Value): (key: number) => Value {
  const made = new Map<number, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

function scalarsOf(numbers: Readonly<Record<string, number>>): Record<string, Scalar> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, scalar(value)]));
}
