import { tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Evaluation, EvaluateRequest, Objective } from '../src/index.js';

const start = { step: 0, epoch: 0 };
type Request = Partial<EvaluateRequest> & Pick<EvaluateRequest, 'batch'>;

function complete(request: Request): EvaluateRequest {
  return { answer: undefined, time: start, training: false, ...request };
}

const numberOf = (tensor: Evaluation['total']): number => tensor.dataSync()[0] ?? NaN;

/** Evaluates an objective, and reads its numbers. */
export function read(
  objective: Objective,
  request: Request,
): {
  total: number;
  losses: Record<string, number>;
  normalizers: Record<string, number>;
  weights: Evaluation['weights'];
} {
  return tidy(() => {
    const { total, losses, normalizers, weights, release } = objective.evaluate(complete(request));
    const numbersOf = (given: Record<string, Tensor | number>): Record<string, number> =>
      Object.fromEntries(
        Object.entries(given).map(([name, each]) => [
          name,
          typeof each === 'number' ? each : numberOf(each as typeof total),
        ]),
      );
    release();
    return {
      total: numberOf(total),
      losses: numbersOf(losses),
      normalizers: numbersOf(normalizers),
      weights,
    };
  });
}

/** Gradients of the total by the names of the trained variables. */
export function gradients(objective: Objective, request: Request): Record<string, number[]> {
  const variables = objective.trainable.map(({ variable }) => variable);
  return tidy(() => {
    let release = (): void => undefined;
    const { grads } = variableGrads(() => {
      const evaluation = objective.evaluate(complete(request));
      release = evaluation.release;
      return evaluation.total;
    }, variables);
    release();
    return Object.fromEntries(
      objective.trainable.map(({ name, variable }) => [
        name,
        Array.from(grads[variable.name]?.dataSync() ?? []),
      ]),
    );
  });
}
