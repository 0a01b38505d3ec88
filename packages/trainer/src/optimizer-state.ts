import { clone, Optimizer, tidy, Variable, variable } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';
import type { NamedWeight, OptimizerState, ResumableOptimizer } from '@kd/core';
import { checkTensors, tensorsFor } from './checkpoint/check-tensors.js';
import type { Damaged } from './checkpoint/damaged.js';

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

/**
 * Restores the state after so many steps into a fresh optimizer of the same class, or throws before anything
 * changes if it is not complete. The caller still owns the tensors.
 */
export function restoreOptimizer(
  optimizer: Optimizer,
  weights: Weights,
  state: OptimizerState,
  steps: number,
  damaged: Damaged,
): void {
  if (!isResumable(optimizer)) {
    checkFields(optimizer, weights, state, steps, damaged);
    restoreFields(optimizer, weights, state);
    return;
  }
  const { steps: counted = steps } = state.numbers;
  if (counted !== steps) throw damaged(`one of ${String(steps)} steps`, `one of ${String(counted)} steps`);
  try {
    optimizer.setState(state, weights);
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    throw damaged(`one whose ${error.argument} is ${error.expected}`, error.received, error);
  }
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

function checkFields(
  optimizer: Optimizer,
  weights: Weights,
  { tensors, numbers }: OptimizerState,
  steps: number,
  damaged: Damaged,
): void {
  const fields = Object.entries(optimizer) as [string, unknown][];
  const namesOf = (isOf: (value: unknown) => boolean): string[] =>
    fields.flatMap(([field, value]) => (isOf(value) ? [field] : []));
  // A fresh optimizer has not counted yet.
  const { iterations_: counted = 0, ...others } = numbers;
  if (counted !== steps) throw damaged(`one of ${String(steps)} steps`, `one of ${String(counted)} steps`);
  const [own, kept] = [namesOf((value) => typeof value === 'number'), Object.keys(others)].map((names) =>
    names.sort().join(', '),
  );
  if (own !== kept) throw damaged(`one with ${String(own)}`, `one with ${String(kept)}`);
  const isUnused = (field: string): boolean =>
    field === 'accumulatedMeanGrads' && Reflect.get(optimizer, 'centered') === false;
  const slots = steps === 0 ? [] : namesOf(Array.isArray).filter((field) => !isUnused(field));
  const variables = fields.flatMap(([name, value]) =>
    value instanceof Variable ? [{ name, variable: value }] : [],
  );
  const placed = slots.flatMap((slot) =>
    weights.map(({ name, variable: weight }) => ({ name: `${slot}/${name}`, variable: weight })),
  );
  checkTensors(tensorsFor([...variables, ...placed]), tensors, damaged);
}

function restoreFields(optimizer: Optimizer, weights: Weights, { tensors, numbers }: OptimizerState): void {
  Object.assign(optimizer, numbers);
  for (const [field, value] of Object.entries(optimizer) as [string, unknown][]) {
    if (value instanceof Variable) value.assign(tensors[field] as Tensor);
    if (!Array.isArray(value)) continue;
    weights.forEach(({ name }, position) => {
      const kept = tensors[`${field}/${name}`];
      if (kept === undefined) return;
      const slot: Slot = { originalName: `${name}/${field}`, variable: tidy(() => variable(kept, false)) };
      value[position] = slot;
    });
  }
}
