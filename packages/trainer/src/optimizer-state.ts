import { Optimizer, tidy, Variable, variable } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';

/** What an optimizer has gathered. */
export interface OptimizerState {
  /** Moments as `accumulatedFirstMoment/<weight>`, and others as `accBeta1`. The optimizer's own tensors. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Numbers among its fields. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** A slot of tfjs's optimizers; they keep them in arrays, by the position of the weight. */
interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

const known = ['SGD', 'Momentum', 'RMSProp', 'Adagrad', 'Adadelta', 'Adam', 'Adamax'];

/** Throws unless the whole state of an optimizer can be read and put back. */
export function checkOptimizerState(where: string, optimizer: Optimizer): void {
  if (optimizer instanceof Optimizer && known.includes(optimizer.getClassName())) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'what the option optimizer returns',
    expected: `an optimizer whose state is known, for checkpoints: ${known.join(', ')} of tfjs`,
    received: describeValue(optimizer),
    remedy: 'Choose one of those, or train without checkpoints.',
  });
}

// Not getWeights(): its order depends on the class, and what Adam returns is not all of its state.
/** The state of an optimizer by the names of the weights that it trains, in their order. */
export function optimizerState(optimizer: Optimizer, weights: readonly string[]): OptimizerState {
  const tensors: Record<string, Tensor> = {};
  const numbers: Record<string, number> = {};
  for (const [field, value] of Object.entries(optimizer) as [string, unknown][]) {
    if (typeof value === 'number') numbers[field] = value;
    else if (value instanceof Variable) tensors[field] = value;
    else if (Array.isArray(value)) {
      value.forEach((slot: Slot, position) => {
        tensors[`${field}/${weights[position] ?? ''}`] = slot.variable;
      });
    }
  }
  return { tensors, numbers };
}

/** Puts a state back into a fresh optimizer of the same class; the tensors stay the caller's. */
export function restoreOptimizer(
  optimizer: Optimizer,
  weights: readonly string[],
  { tensors, numbers }: OptimizerState,
): void {
  Object.assign(optimizer, numbers);
  for (const [field, value] of Object.entries(optimizer) as [string, unknown][]) {
    const own = tensors[field];
    if (value instanceof Variable && own !== undefined) value.assign(own);
    if (!Array.isArray(value)) continue;
    weights.forEach((weight, position) => {
      const kept = tensors[`${field}/${weight}`];
      if (kept === undefined) return;
      const slot: Slot = { originalName: `${weight}/${field}`, variable: tidy(() => variable(kept, false)) };
      value[position] = slot;
    });
  }
}
