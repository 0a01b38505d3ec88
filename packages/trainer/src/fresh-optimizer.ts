import type { Optimizer } from '@tensorflow/tfjs-core';
import { describeValue, fn, KdError } from '@kd/core';

const taken = new WeakSet<Optimizer>();

/**
 * The optimizer that a factory makes. Throws if it makes something else, or an optimizer that another run has
 * used.
 */
export function freshOptimizer(where: string, argument: string, factory: () => Optimizer): Optimizer {
  const optimizer = factory();
  const apply: unknown = Reflect.get(Object(optimizer) as object, 'applyGradients');
  fn().read({ where, argument: `applyGradients of what ${argument} returns` }, apply);
  // Its moments belong to the variables of one run, and are disposed with it.
  if (!taken.has(optimizer)) {
    taken.add(optimizer);
    return optimizer;
  }
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `what ${argument} returns`,
    expected: 'a fresh optimizer in each call',
    received: describeValue(optimizer),
    remedy:
      'Make it inside the function: () => tf.train.adam(1e-3). A run disposes its optimizer at the end.',
  });
}
