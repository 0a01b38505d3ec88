import { scalar, tensor1d } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { gatheredBefore } from './gathered.js';
import type { Gathered } from './gathered.js';
import type { NamedTensor } from './named-tensor.js';
import { checkCount, checkSlot } from './state-by-name.js';
import { stateMismatch } from './state-mismatch.js';

// tfjs saves an optimizer with a model as a list of tensors. When the list is read back, the optimizer has
// not seen a variable yet, and the model's variables may have other names than before. So values are assigned
// by position, and not before the first step.

/** Accumulated values of a variable known only by its position in a list, and its former name. */
export interface Placed extends Gathered {
  readonly name: string;
}

/** The list that tfjs saves: steps of the optimizer, steps of each variable, slots of each variable. */
export function listOf(steps: number, all: readonly Placed[]): NamedTensor[] {
  const counts = all.map((one) => one.steps);
  return [
    { name: 'iter', tensor: scalar(steps, 'int32') },
    { name: 'steps', tensor: tensor1d(counts, 'int32') },
    ...all.flatMap(({ name, slots }) =>
      Object.entries(slots).map(([slot, tensor]) => ({ name: `${name}/${slot}`, tensor })),
    ),
  ];
}

/**
 * Reads such a list; the caller still owns its tensors. Throws, before anything is created, if it has other
 * slots.
 */
export async function readList(
  where: string,
  list: readonly NamedTensor[],
  slots: readonly string[],
): Promise<{ readonly steps: number; readonly placed: readonly Placed[] }> {
  const [iter, steps, ...rest] = list;
  if (iter?.name !== 'iter' || steps?.name !== 'steps') {
    const names = list.slice(0, 2).map(({ name }) => name);
    throw stateMismatch(
      where,
      'weightValues',
      'a list that begins with iter, steps',
      names.join(', ') || 'none',
    );
  }
  const [all = NaN, ...counts] = [...(await iter.tensor.data()), ...(await steps.tensor.data())];
  for (const count of [all, ...counts]) checkCount(where, 'a number of steps', count);
  const groups = counts.map((count, position) => ({
    count,
    values: rest.slice(position * slots.length, (position + 1) * slots.length),
  }));
  const isWhole = rest.length === counts.length * slots.length;
  if (!isWhole || groups.some(({ values }) => values.some(({ name }, at) => !endsIn(name, slots[at])))) {
    const expected = `one with ${slots.join(', ') || 'no slots'} of ${String(counts.length)} variables`;
    throw stateMismatch(where, 'weightValues', expected, rest.map(({ name }) => name).join(', ') || 'none');
  }
  const placed = groups.map(({ count, values }) => ({
    name: values[0]?.name.replace(/\/[^/]*$/, '') ?? '',
    ...gatheredBefore(slots, count, (slot) => (values[slots.indexOf(slot)] as NamedTensor).tensor),
  }));
  return { steps: all, placed };
}

/**
 * Assigns restored values to the variables of a step: by name if all names are known, otherwise by position.
 */
export function claim(
  where: string,
  placed: readonly Placed[],
  variables: readonly Variable[],
): Map<Variable, Gathered> {
  if (placed.length !== variables.length) {
    const expected = `of the ${String(variables.length)} trained variables`;
    throw stateMismatch(where, 'weightValues', expected, `those of ${String(placed.length)}`);
  }
  const byName = new Map(placed.map((one) => [one.name, one]));
  const areNamed = variables.every(({ name }) => byName.has(name));
  return new Map(
    variables.map((variable, position) => {
      const { steps, slots } = (areNamed ? byName.get(variable.name) : placed[position]) as Placed;
      for (const [slot, value] of Object.entries(slots)) {
        checkSlot(where, `${slot} of ${variable.name}`, value, variable);
      }
      return [variable, { steps, slots }];
    }),
  );
}

function endsIn(name: string, slot: string | undefined): boolean {
  return slot !== undefined && name.endsWith(`/${slot}`);
}
