import { KdError } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import type { Objective } from '@kd/recipe';

/** Throws `KD_GRADIENT_UNAVAILABLE` if a weight has no gradient. */
export function checkEveryGradient(
  where: string,
  trainable: readonly NamedWeight[],
  grads: Readonly<Record<string, unknown>>,
): void {
  const without = trainable.filter(({ variable }) => grads[variable.name] === undefined);
  if (without.length === 0) return;
  throw withoutGradient(where, `no gradient for ${without.map(({ name }) => name).join(', ')}`);
}

/** The error for weights that the loss does not reach. */
export function withoutGradient(where: string, received: string, cause?: unknown): KdError {
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

/** The error for an operation without gradient: mostly a comparison, for which tfjs has not even none. */
export function notDifferentiable(
  where: string,
  { recipe }: Objective,
  operation: string,
  cause: unknown,
): KdError {
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
