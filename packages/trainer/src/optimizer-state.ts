import { clone, Optimizer, tidy, Variable, variable } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';
import type { NamedWeight, OptimizerState, ResumableOptimizer } from '@kd/core';

/** A slot of tfjs's optimizers, which keep their slots in arrays, by the position of the weight. */
interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

type Weights = readonly Pick<NamedWeight, 'name' | 'variable'>[];

const known = ['SGD', 'Momentum', 'RMSProp', 'Adagrad', 'Adadelta', 'Adam', 'Adamax'];

/** Throws unless the whole state of an optimizer can be read and restored. */
export function checkOptimizerState(where: string, optimizer: Optimizer): void {
  if (
    optimizer instanceof Optimizer &&
    (isResumable(optimizer) || known.includes(optimizer.getClassName()))
  ) {
    return;
  }
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'what the option optimizer returns',
    expected: `an optimizer with a known state, for checkpoints: one of @kd/optimizers, or ${known.join(', ')} of tfjs`,
    received: describeValue(optimizer),
    remedy: 'Choose one of these, or train without checkpoints.',
  });
}

/** The state of an optimizer by the names of the weights that it trains. The caller owns the tensors. */
export function optimizerState(optimizer: Optimizer, weights: Weights): OptimizerState {
  return isResumable(optimizer) ? optimizer.getState(weights) : stateOfFields(optimizer, weights);
}

/** Restores a state into a fresh optimizer of the same class. The caller still owns the tensors. */
export function restoreOptimizer(optimizer: Optimizer, weights: Weights, state: OptimizerState): void {
  if (isResumable(optimizer)) optimizer.setState(state, weights);
  else restoreFields(optimizer, weights, state);
}

/** By its methods, not its class: any optimizer may implement the contract. */
function isResumable(optimizer: Optimizer): optimizer is Optimizer & ResumableOptimizer {
  const { getState, setState } = optimizer as Partial<ResumableOptimizer>;
  return typeof getState === 'function' && typeof setState === 'function';
}

// Not getWeights(): its order depends on the class, and Adam's does not return all of its state.
function stateOfFields(optimizer: Optimizer, weights: Weights): OptimizerState {
  const tensors: Record<string, Tensor> = {};
  const numbers: Record<string, number> = {};
  for (const [field, value] of Object.entries(optimizer) as [string, unknown][]) {
    if (typeof value === 'number') numbers[field] = value;
    else if (value instanceof Variable) tensors[field] = clone(value);
    else if (Array.isArray(value)) {
      value.forEach((slot: Slot, position) => {
        tensors[`${field}/${weights[position]?.name ?? ''}`] = clone(slot.variable);
      });
    }
  }
  return { tensors, numbers };
}

function restoreFields(optimizer: Optimizer, weights: Weights, { tensors, numbers }: OptimizerState): void {
  Object.assign(optimizer, numbers);
  for (const [field, value] of Object.entries(optimizer) as [string, unknown][]) {
    const own = tensors[field];
    if (value instanceof Variable && own !== undefined) value.assign(own);
    if (!Array.isArray(value)) continue;
    weights.forEach(({ name }, position) => {
      const kept = tensors[`${field}/${name}`];
      if (kept === undefined) return;
      const slot: Slot = { originalName: `${name}/${field}`, variable: tidy(() => variable(kept, false)) };
      value[position] = slot;
    });
  }
}
