import type { TrainingTime } from '@kd/core';
import { laterSteps } from './later-steps.js';
import type { LaterSteps } from './later-steps.js';
import { lossesOfStep } from './losses-of-step.js';
import type { LossesOfStep, StepValues } from './losses-of-step.js';
import { numbersAt, scalarTensors } from './numbers-of-step.js';
import type { Prepared } from './prepared.js';

/** The arguments of an evaluation. */
export interface EvaluateRequest extends Omit<StepValues, 'numbers'> {
  readonly time: TrainingTime;
  /**
   * The share of each term's mean over a step of several batches that this batch holds, by name; default 1.
   * The total is then the part that the batch adds to the total of the step.
   */
  readonly shares?: Readonly<Record<string, number>>;
}

/** The value of the objective on a batch. */
export interface Evaluation extends Omit<LossesOfStep, 'carries'>, LaterSteps {
  /** Weight of each term at this time. */
  readonly weights: Readonly<Record<string, number>>;
}

/** All losses at a time, and what to do once the step is over. */
export function evaluate(prepared: Prepared, { time, shares = {}, ...values }: EvaluateRequest): Evaluation {
  const numbers = numbersAt(prepared.recipe.terms, time, shares);
  const { carries, ...losses } = lossesOfStep(prepared, { ...values, numbers: scalarTensors(numbers) });
  // Last, so that nothing is kept if anything before it throws.
  return { ...losses, weights: numbers.weights, ...laterSteps(prepared.terms, carries) };
}
