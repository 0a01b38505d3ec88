import { dispose, tidy } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Optimizer, Tensor } from '@tensorflow/tfjs-core';
import type { NamedWeight } from '@kd/core';
import type { EvaluateRequest, Objective } from '@kd/recipe';
import { differentiate } from './differentiate.js';
import type { Gradients } from './differentiate.js';
import { withScaledSteps } from './learning-rates.js';
import type { scaledWeights } from './learning-rates.js';
import { readStep } from './read-step.js';
import type { StepNumbers } from './read-step.js';
import type { Losses } from './sums.js';

/** Gradients of one batch, and the numbers read back. */
export interface StepResult extends StepNumbers, Losses {
  readonly gradients: Gradients;
  readonly afterStep: () => void;
  /** Frees gradients and what `afterStep` needs. */
  readonly release: () => void;
}

/** Gradients of the objective, and all numbers of the step in one read. Release it after use. */
export async function gradients(
  where: string,
  objective: Objective,
  request: EvaluateRequest,
): Promise<StepResult> {
  const { evaluation, grads, ...values } = differentiate(where, objective, request);
  const numbers = await readStep(values, grads);
  return {
    gradients: grads,
    weights: evaluation.weights,
    afterStep: evaluation.afterStep,
    release: () => {
      evaluation.release();
      dispose(grads as NamedTensorMap);
    },
    ...numbers,
  };
}

/** One step of the optimizer, then the constraints of the layers. */
export function apply(
  optimizer: Optimizer,
  trainable: readonly NamedWeight[],
  scaled: ReturnType<typeof scaledWeights>,
  { gradients: grads }: StepResult,
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
