import { dispose, keep, scalar, square, stack, sum, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Optimizer, Scalar, Tensor } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import type { EvaluateRequest, Evaluation, Objective } from '@kd/recipe';
import { withScaledSteps } from './learning-rates.js';
import type { scaledWeights } from './learning-rates.js';
import type { Losses } from './sums.js';

/** By the name of the variable; null if a callback has frozen it since the training began. */
type Gradients = Readonly<Record<string, Tensor | null>>;

/** Gradients of one batch, and the numbers read back. */
export interface StepResult extends Losses {
  readonly gradients: Gradients;
  readonly total: number;
  /** Square root of the sum of squares of all gradients. */
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
  const { evaluation, grads, ...values } = differentiate(where, objective, request);
  const numbers = await read(values, grads);
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

/** Values of the objective that have outlived the tape. */
interface Values {
  readonly total: Scalar;
  readonly losses: Evaluation['losses'];
  readonly normalizers: Evaluation['normalizers'];
}

interface Differentiated extends Values {
  readonly evaluation: Evaluation;
  readonly grads: Gradients;
}

function differentiate(where: string, objective: Objective, request: EvaluateRequest): Differentiated {
  const { trainable } = objective;
  const variables = trainable.map(({ variable }) => variable);
  if (variables.every((variable) => !variable.trainable)) throw withoutGradient(where, 'frozen weights only');
  let evaluation: Evaluation | undefined;
  let failure: { readonly error: unknown } | undefined;
  let total: Scalar | undefined;
  let kept: Tensor[] = [];
  let grads: Gradients = {};
  try {
    const result = variableGrads(() => {
      try {
        evaluation = objective.evaluate(request);
      } catch (error) {
        // tfjs frees what the tape has saved only if the forward function returns.
        failure = { error };
        return (total = scalar(0));
      }
      // The tape disposes everything but the total, so the losses of the terms and their denominators are
      // kept.
      kept = tensorsOf(evaluation).map((tensor) => keep(tensor));
      return (total = evaluation.total);
    }, variables);
    grads = result.grads;
    checkEveryGradient(where, trainable, grads);
    const { losses, normalizers } = evaluation as unknown as Evaluation;
    return {
      evaluation: evaluation as unknown as Evaluation,
      losses,
      normalizers,
      total: result.value,
      grads,
    };
  } catch (error) {
    evaluation?.release();
    dispose([total, ...kept, ...Object.values(grads)] as Tensor[]);
    if (failure !== undefined) throw failure.error;
    const message = error instanceof Error ? error.message : '';
    if (message.startsWith('Cannot find a connection'))
      throw withoutGradient(where, 'no gradient for any of them', error);
    const [, operation] = /gradient function not found for (\w+)/.exec(message) ?? [];
    throw operation === undefined ? error : notDifferentiable(where, objective, operation, error);
  }
}

/** The losses, then the normalisers that are on the device. */
function tensorsOf({ losses, normalizers }: Pick<Values, 'losses' | 'normalizers'>): Tensor[] {
  return [
    ...Object.values(losses),
    ...Object.values(normalizers).filter((normalizer) => typeof normalizer !== 'number'),
  ];
}

async function read(
  values: Values,
  grads: Gradients,
): Promise<Omit<Losses, 'weights'> & { total: number; gradientNorm: number }> {
  const tensors = [values.total, ...tensorsOf(values)];
  const packed = tidy(() => {
    const squares = Object.values(grads).flatMap((gradient) =>
      gradient === null ? [] : [sum(square(gradient))],
    );
    return stack([sum(stack(squares)), ...tensors]);
  });
  dispose(tensors);
  const [squared = NaN, ...numbers] = await packed.data();
  packed.dispose();
  const numberOf = new Map(tensors.map((tensor, index) => [tensor, numbers[index] ?? NaN]));
  const normalizers = Object.fromEntries(
    Object.entries(values.normalizers).map(([name, normalizer]) => [
      name,
      typeof normalizer === 'number' ? normalizer : (numberOf.get(normalizer) ?? NaN),
    ]),
  );
  return {
    total: numberOf.get(values.total) ?? NaN,
    losses: Object.fromEntries(
      Object.entries(values.losses).map(([name, loss]) => [
        name,
        normalizers[name] === 0 ? NaN : (numberOf.get(loss) ?? NaN),
      ]),
    ),
    normalizers,
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
      'Leave layers on which no term depends out of the option trainable, or set trainable = false on them.',
    cause,
  });
}

/** A comparison on the tape, mostly: tfjs has no gradient of it, not even none. */
function notDifferentiable(where: string, { recipe }: Objective, operation: string, cause: unknown): KdError {
  const names = recipe.terms.map(({ name }) => JSON.stringify(name)).join(', ');
  return new KdError({
    code: 'KD_GRADIENT_UNAVAILABLE',
    where,
    argument: `the loss of the term ${names}`,
    expected: 'made of operations that tfjs can differentiate',
    received: `the operation ${operation}, which it cannot`,
    remedy:
      'Compute what is constant, such as a comparison, off the tape: offTape(() => less(x, 1)) of @kd/core.',
    cause,
  });
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
