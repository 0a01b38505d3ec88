import { clone, dispose, Tensor, tidy } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Optimizer } from '@tensorflow/tfjs-core';
import { seedTensor, stepFunctions } from '@kd/core';
import type { NamedWeight, Seed, StepRunner } from '@kd/core';
import { scalarTensors } from '@kd/recipe';
import type { EvaluateRequest, LaterSteps, Objective } from '@kd/recipe';
import { differentiate } from './differentiate.js';
import type { Gradients } from './differentiate.js';
import { withScaledSteps } from './learning-rates.js';
import type { scaledWeights } from './learning-rates.js';
import { packed, readStep } from './read-step.js';
import type { StepNumbers } from './read-step.js';
import { inputsOfStep, keyOfStep } from './signature-of-step.js';
import type { Losses } from './sums.js';
import type { Measurements } from './history.js';
import { flatStep, stepOf } from './flat-step.js';

/** Gradients of one batch. */
export interface StartedStep extends LaterSteps {
  readonly gradients: Gradients;
  /** Frees gradients and what `afterStep` needs. */
  readonly release: () => void;
  /** All numbers of the step, in one read, which has begun. */
  readonly numbers: Promise<StepNumbers & Losses & Scalars>;
}

/** What the terms have read beside the batch. */
export interface Scalars {
  /** By `TERM/SCALAR`. */
  readonly scalars: Measurements;
}

/** Gradients of one batch, and the numbers read back. */
export interface StepResult extends Omit<StartedStep, 'numbers'>, StepNumbers, Losses, Scalars {}

/** Begins to compute gradients and numbers of the objective. Release it after use. */
export function startStep(
  where: string,
  objective: Objective,
  runner: StepRunner,
  { time, shares, seed, ...given }: EvaluateRequest,
): StartedStep {
  const { weights, scalars, values } = objective.numbersAt(time, shares);
  const numbers = tidy(() => scalarTensors({ values }));
  const seedOfStep = seed === undefined ? undefined : asInput(seed);
  const request = { ...given, ...(seedOfStep === undefined ? {} : { seed: seedOfStep }) };
  try {
    const computed = runner.run(
      () => {
        const { grads, carries, ...losses } = differentiate(where, objective, { ...request, numbers });
        return flatStep(packed(losses, grads), grads, carries);
      },
      () => ({
        key: keyOfStep(objective, request),
        inputs: inputsOfStep(request, numbers),
        state: objective.trainable.map(({ variable }) => variable),
        fixed: objective.constants,
      }),
    );
    const { numbers: read, places, grads, carries } = stepOf(computed);
    const { afterStep, release } = objective.later(carries);
    dispose(carries as NamedTensorMap[]);
    return {
      gradients: grads,
      afterStep,
      release: () => {
        release();
        dispose(grads as NamedTensorMap);
      },
      numbers: readStep(read, places).then((numbers) => ({ ...numbers, weights, scalars })),
    };
  } finally {
    dispose(numbers);
    if (seedOfStep instanceof Tensor) seedOfStep.dispose();
  }
}

/** A seed as an input of a step that may be written down; elsewhere a number spares reading it. */
function asInput(seed: Seed): Seed {
  return stepFunctions() === undefined ? seed : tidy(() => clone(seedTensor(seed)));
}

/** One step of the optimizer, then the constraints of the layers. */
export function apply(
  optimizer: Optimizer,
  trainable: readonly NamedWeight[],
  scaled: ReturnType<typeof scaledWeights>,
  { gradients: grads }: Pick<StepResult, 'gradients'>,
): void {
  withScaledSteps(scaled, () => {
    // A list in a constant order: tfjs keeps an optimizer's moments by position, not by variable, and skips a
    // null.
    optimizer.applyGradients(
      trainable.map(({ variable: { name } }) => ({ name, tensor: grads[name] as Tensor })),
    );
  });
  tidy(() => {
    for (const { variable, constrain } of trainable) {
      if (grads[variable.name] !== null) constrain?.();
    }
  });
}
