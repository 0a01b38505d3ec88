import { clone, dispose, keep, scalar, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Named } from '@kd/core';
import type { LossesOfStep, Objective, StepValues } from '@kd/recipe';
import { checkEveryGradient, notDifferentiable, withoutGradient } from './gradient-errors.js';

/** By the name of the variable; null if a callback has frozen it since the training began. */
export type Gradients = Readonly<Record<string, Tensor | null>>;

/** Values of the objective that have outlived the tape. */
export interface Values {
  readonly total: Scalar;
  readonly losses: LossesOfStep['losses'];
  readonly normalizers: LossesOfStep['normalizers'];
}

/** The objective on a batch, and its gradients. */
export interface Differentiated extends Values {
  readonly grads: Gradients;
  /** What the terms pass on to their `afterStep`. */
  readonly carries: readonly Named[];
}

/** Runs the objective under the tape. Frees everything if it fails. */
export function differentiate(where: string, objective: Objective, request: StepValues): Differentiated {
  const { trainable } = objective;
  const variables = trainable.map(({ variable }) => variable);
  if (variables.every((variable) => !variable.trainable)) throw withoutGradient(where, 'frozen weights only');
  let evaluation: LossesOfStep | undefined;
  let carries: readonly Named[] = [];
  let failure: { readonly error: unknown } | undefined;
  let total: Scalar | undefined;
  let kept: Tensor[] = [];
  let grads: Gradients = {};
  try {
    const result = variableGrads(() => {
      try {
        evaluation = objective.losses(request);
      } catch (error) {
        // tfjs frees what the tape has saved only if the forward function returns.
        failure = { error };
        return (total = scalar(0));
      }
      // The tape disposes everything but the total, so the losses of the terms and their denominators are
      // kept.
      // What is carried may be a tensor of the batch, which has another owner.
      carries = evaluation.carries.map((carry) =>
        Object.fromEntries(Object.entries(carry).map(([name, tensor]) => [name, clone(tensor)])),
      );
      kept = [...tensorsOf(evaluation), ...carries.flatMap((carry) => Object.values(carry))];
      kept.forEach((tensor) => keep(tensor));
      return (total = evaluation.total);
    }, variables);
    grads = result.grads;
    checkEveryGradient(where, trainable, grads);
    const { losses, normalizers } = evaluation as unknown as LossesOfStep;
    return { losses, normalizers, total: result.value, grads, carries };
  } catch (error) {
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
export function tensorsOf({ losses, normalizers }: Pick<Values, 'losses' | 'normalizers'>): Tensor[] {
  return [
    ...Object.values(losses),
    ...Object.values(normalizers).filter((normalizer) => typeof normalizer !== 'number'),
  ];
}
