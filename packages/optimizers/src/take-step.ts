import { mul, scalar, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { StepRunner } from '@kd/core';
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

/** A variable that moves in a step. */
interface Moving {
  readonly variable: Variable;
  readonly gradient: Tensor;
  readonly own: Gathered;
  readonly maxNorm: number | undefined;
}

type Coefficients = Readonly<Record<string, Scalar>>;

/**
 * Moves variables by their gradients, and updates their accumulated values, which it creates for new
 * variables.
 */
export function takeStep(
  runner: StepRunner,
  settings: StepSettings,
  moves: readonly Move[],
  gathered: Map<Variable, Gathered>,
): void {
  const { rule, numbers, clipNorm, maxNormOf } = settings;
  const moving = moves.flatMap(({ variable, gradient }): Moving[] => {
    const own = gathered.get(variable) ?? nothingGathered(rule.slots, variable);
    gathered.set(variable, own);
    return gradient === undefined ? [] : [{ variable, gradient, own, maxNorm: maxNormOf(variable) }];
  });
  // All variables with the same number of steps share their coefficients; usually all of them.
  const counts = [...new Set(moving.map(({ own }) => own.steps))];
  tidy(() => {
    const coefficients = counts.map((steps) => scalarsOf(rule.coefficients(numbers, steps + 1)));
    const coefficientsOf = ({ own }: Moving): Coefficients => coefficients[counts.indexOf(own.steps)] ?? {};
    runner.run(
      () => {
        move(rule, moving, clipNorm, coefficientsOf);
        return { tensors: {}, layout: undefined };
      },
      () => ({
        key: JSON.stringify([clipNorm, ...moving.map((one) => [counts.indexOf(one.own.steps), one.maxNorm])]),
        inputs: {
          ...named(
            'gradient',
            moving.map(({ gradient }) => gradient),
          ),
          ...namedCoefficients(coefficients),
        },
        state: moving.flatMap(({ variable, own }) => [variable, ...Object.values(own.slots)]),
      }),
    );
  });
  for (const { own } of moving) own.steps += 1;
}

function move(
  rule: UpdateRule,
  moving: readonly Moving[],
  clipNorm: number | undefined,
  coefficientsOf: (one: Moving) => Coefficients,
): void {
  const clip = clipNorm === undefined ? undefined : clipping(moving, clipNorm);
  const limits = [...new Set(moving.flatMap(({ maxNorm }) => maxNorm ?? []))];
  const limitTensors = limits.map((limit) => scalar(limit));
  for (const one of moving) {
    const { variable, gradient, own, maxNorm } = one;
    const limit = maxNorm === undefined ? undefined : limitTensors[limits.indexOf(maxNorm)];
    // A separate tidy: what one variable needs is freed before the next one.
    tidy(() => {
      const updated = rule.update(variable, clip?.(gradient) ?? gradient, own.slots, coefficientsOf(one));
      for (const [name, slot] of Object.entries(own.slots)) slot.assign(updated.slots[name] as Tensor);
      variable.assign(limit === undefined ? updated.variable : withinMaxNorm(updated.variable, limit));
    });
  }
}

function clipping(moving: readonly Moving[], clipNorm: number): ((gradient: Tensor) => Tensor) | undefined {
  if (moving.length === 0) return undefined;
  const coefficient = clipCoefficient(
    moving.map(({ gradient }) => gradient),
    clipNorm,
  );
  return (gradient) => mul(gradient, coefficient);
}

function scalarsOf(numbers: Readonly<Record<string, number>>): Coefficients {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, scalar(value)]));
}

function named(name: string, tensors: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(tensors.map((tensor, index) => [`${name} ${String(index)}`, tensor]));
}

function namedCoefficients(all: readonly Coefficients[]): Record<string, Tensor> {
  return Object.fromEntries(
    all.flatMap((one, index) =>
      Object.entries(one).map(([name, value]) => [`${name} ${String(index)}`, value]),
    ),
  );
}
