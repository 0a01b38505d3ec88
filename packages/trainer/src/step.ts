import { dispose, keep, scalar, square, stack, sum, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Optimizer, Scalar, Tensor } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import type { EvaluateRequest, Evaluation, Objective } from '@kd/recipe';
import type { Measurements } from './history.js';
import { withScaledSteps } from './learning-rates.js';
import type { scaledWeights } from './learning-rates.js';

/** By the name of the variable; null for one that a callback has frozen since the training began. */
type Gradients = Readonly<Record<string, Tensor | null>>;

/** Gradients of one batch, and what was read back of it. */
export interface StepResult {
  readonly gradients: Gradients;
  readonly total: number;
  readonly losses: Measurements;
  readonly weights: Measurements;
  /** Root of the sum of squares of all gradients. */
  readonly gradientNorm: number;
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
  const { evaluation, losses, total, grads } = differentiate(where, objective, request);
  const numbers = await read(total, losses, grads);
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

interface Differentiated {
  readonly evaluation: Evaluation;
  readonly losses: Readonly<Record<string, Tensor>>;
  readonly total: Scalar;
  readonly grads: Gradients;
}

function differentiate(where: string, objective: Objective, request: EvaluateRequest): Differentiated {
  const { trainable } = objective;
  const variables = trainable.map(({ variable }) => variable);
  if (variables.every((variable) => !variable.trainable)) throw withoutGradient(where, 'frozen weights only');
  let evaluation: Evaluation | undefined;
  let failure: { readonly error: unknown } | undefined;
  let total: Scalar | undefined;
  let losses: Record<string, Tensor> = {};
  let grads: Gradients = {};
  try {
    const result = variableGrads(() => {
      try {
        evaluation = objective.evaluate(request);
      } catch (error) {
        // tfjs frees what the tape has saved only if the forward returns.
        failure = { error };
        return (total = scalar(0));
      }
      // The tape disposes of everything but the total; the losses of the terms have to outlive it.
      losses = Object.fromEntries(
        Object.entries(evaluation.losses).map(([name, loss]) => [name, keep(loss)]),
      );
      return (total = evaluation.total);
    }, variables);
    grads = result.grads;
    checkEveryGradient(where, trainable, grads);
    return { evaluation: evaluation as unknown as Evaluation, losses, total: result.value, grads };
  } catch (error) {
    evaluation?.release();
    dispose([total, ...Object.values(losses), ...Object.values(grads)] as Tensor[]);
    if (failure !== undefined) throw failure.error;
    const isUnconnected = error instanceof Error && error.message.startsWith('Cannot find a connection');
    throw isUnconnected ? withoutGradient(where, 'no gradient for any of them', error) : error;
  }
}

async function read(
  total: Scalar,
  losses: Readonly<Record<string, Tensor>>,
  grads: Gradients,
): Promise<{ total: number; losses: Measurements; gradientNorm: number }> {
  const packed = tidy(() => {
    const squares = Object.values(grads).flatMap((gradient) =>
      gradient === null ? [] : [sum(square(gradient))],
    );
    return stack([sum(stack(squares)), total, ...Object.values(losses)]);
  });
  dispose([total, ...Object.values(losses)]);
  const [squared = NaN, ...values] = await packed.data();
  packed.dispose();
  return {
    total: values[0] ?? NaN,
    losses: Object.fromEntries(Object.keys(losses).map((name, index) => [name, values[index + 1] ?? NaN])),
    gradientNorm: Math.sqrt(squared),
  };
}

function checkEveryGradient(where: string, trainable: readonly NamedWeight[], grads: Gradients): void {
  const without = trainable.filter(({ variable }) => grads[variable.name] === undefined);
  if (without.length === 0) return;
  throw withoutGradient(where, `no gradient for ${without.map(({ name }) => name).join(', ')}`);
}

function withoutGradient(where: string, received: string, cause?: unknown): KdError {
  return new KdError({
    code: 'KD_GRADIENT_UNAVAILABLE',
    where,
    argument: 'the trainable weights',
    expected: 'reached by the loss',
    received,
    remedy:
      'Leave the layers that no term depends on out of the option trainable, or set trainable = false on them.',
    cause,
  });
}

/** Throws `KD_STEP_NOT_FINITE`, naming the term, if a number of the step is NaN or infinite; nothing was applied yet. */
export function checkFiniteStep({ total, losses, gradientNorm }: StepResult, where: string): void {
  const wrong = Object.entries({ ...losses, total, 'the gradient norm': gradientNorm }).find(
    ([, value]) => !Number.isFinite(value),
  );
  if (wrong === undefined) return;
  throw new KdError({
    code: 'KD_STEP_NOT_FINITE',
    where,
    argument: wrong[0] in losses ? `the loss of the term ${JSON.stringify(wrong[0])}` : wrong[0],
    expected: 'finite',
    received: String(wrong[1]),
    remedy: 'The weights are those from before this step. Lower the learning rate, or look at this batch.',
  });
}

/** One step of the optimizer, then the constraints that layers declare. */
export function apply(
  optimizer: Optimizer,
  trainable: readonly NamedWeight[],
  scaled: ReturnType<typeof scaledWeights>,
  { gradients: grads }: StepResult,
): void {
  withScaledSteps(scaled, () => {
    // A list in a constant order: tfjs keeps an optimizer's moments by position, not by variable, and passes over a null.
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
