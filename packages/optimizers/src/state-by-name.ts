import { clone, Tensor } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { describeShape, describeValue } from '@kd/core';
import type { NamedWeight, OptimizerState } from '@kd/core';
import { gatheredBefore } from './gathered.js';
import type { Gathered } from './gathered.js';
import { stateMismatch } from './state-mismatch.js';

/** A variable and its name in the state. */
export type StateWeight = Pick<NamedWeight, 'name' | 'variable'>;

/** Everything accumulated, by name; the tensors are copies. */
export function stateByName(
  where: string,
  gathered: ReadonlyMap<Variable, Gathered>,
  steps: number,
  weights: readonly StateWeight[],
): OptimizerState {
  const names = new Map(weights.map(({ name, variable }) => [variable, name]));
  const known = [...gathered].filter(([variable]) => !variable.isDisposed);
  const nameless = known.find(([variable]) => !names.has(variable));
  if (nameless !== undefined) {
    const expected = `complete with all trained variables, including ${nameless[0].name}`;
    throw stateMismatch(where, 'weights', expected, `${String(weights.length)} without it`);
  }
  const tensors: Record<string, Tensor> = {};
  const numbers: Record<string, number> = { steps };
  for (const [variable, { steps: own, slots }] of known) {
    const name = names.get(variable) as string;
    numbers[`steps/${name}`] = own;
    for (const [slot, value] of Object.entries(slots)) tensors[`${slot}/${name}`] = clone(value);
  }
  return { tensors, numbers };
}

/**
 * Reads the accumulated values of the named weights from a state. Throws, before anything is created, if the
 * state belongs to others.
 */
export function gatheredByName(
  where: string,
  { tensors, numbers }: OptimizerState,
  slots: readonly string[],
  weights: readonly StateWeight[],
): Map<Variable, Gathered> {
  const stepped = weights.filter(({ name }) => `steps/${name}` in numbers);
  const expected = new Set([
    'steps',
    ...stepped.flatMap(({ name }) => [`steps/${name}`, ...slots.map((slot) => `${slot}/${name}`)]),
  ]);
  const found = new Set([...Object.keys(numbers), ...Object.keys(tensors)]);
  const stranger = [...found].find((key) => !expected.has(key));
  if (stranger !== undefined) {
    throw stateMismatch(
      where,
      'state',
      `limited to ${slots.join(', ') || 'no slots'} of these weights`,
      stranger,
    );
  }
  const missing = [...expected].find((key) => !found.has(key));
  if (missing !== undefined) throw stateMismatch(where, 'state', `complete with ${missing}`, 'none');
  for (const [key, value] of Object.entries(numbers)) checkCount(where, key, value);
  for (const { name, variable } of stepped) {
    for (const slot of slots) checkSlot(where, `${slot}/${name}`, tensors[`${slot}/${name}`], variable);
  }
  return new Map(
    stepped.map(({ name, variable }) => {
      const valueOf = (slot: string): Tensor => tensors[`${slot}/${name}`] as Tensor;
      return [variable, gatheredBefore(slots, numbers[`steps/${name}`] as number, valueOf)];
    }),
  );
}

/**
 * Throws if a state covers some of the learning weights but not all. An empty state is that before the first
 * step.
 */
export function checkOfAll(
  where: string,
  { numbers }: OptimizerState,
  weights: readonly StateWeight[],
): void {
  const without = weights.filter(({ name }) => !(`steps/${name}` in numbers));
  if (without.length === weights.length && numbers['steps'] === 0) return;
  const left = without.find(({ variable }) => variable.trainable);
  if (left !== undefined) throw stateMismatch(where, 'state', `complete with ${left.name}`, 'one without it');
}

/** Throws unless a stored value can be the slot of a variable. */
export function checkSlot(where: string, name: string, value: unknown, like: Variable): void {
  const isLive = value instanceof Tensor && !value.isDisposed && value.dtype === like.dtype;
  if (isLive && describeShape(value.shape as number[]) === describeShape(like.shape)) return;
  const expected = `a live ${like.dtype} tensor ${describeShape(like.shape)}`;
  throw stateMismatch(where, name, expected, describeValue(value));
}

/** Throws unless a stored number counts steps. */
export function checkCount(where: string, name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  throw stateMismatch(where, name, 'a whole number >= 0', describeValue(value));
}
