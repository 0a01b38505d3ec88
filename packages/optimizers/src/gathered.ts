import { tidy, variable, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** What an optimizer has accumulated for one variable. */
export interface Gathered {
  /** Steps that this variable has taken. Variables may start at different times. */
  steps: number;
  readonly slots: Readonly<Record<string, Variable>>;
}

/** The accumulated values before the first step. */
export function nothingGathered(names: readonly string[], like: Variable): Gathered {
  return { steps: 0, slots: slotsOf(names, () => zerosLike(like)) };
}

/** Accumulated values with these contents, which the caller still owns. */
export function gatheredBefore(
  names: readonly string[],
  steps: number,
  valueOf: (slot: string) => Tensor,
): Gathered {
  return { steps, slots: slotsOf(names, valueOf) };
}

/** Frees accumulated values. */
export function forget(all: Iterable<Gathered>): void {
  for (const { slots } of all) for (const slot of Object.values(slots)) slot.dispose();
}

function slotsOf(names: readonly string[], valueOf: (slot: string) => Tensor): Record<string, Variable> {
  // A variable outlives the tidy, and shares the data of the tensor that it is made from.
  return tidy(() => Object.fromEntries(names.map((name) => [name, variable(valueOf(name), false)])));
}
