import { tidy, variable, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** What an optimizer has gathered for one variable. */
export interface Gathered {
  /** Steps that this variable has made, as some may begin later than others. */
  steps: number;
  readonly slots: Readonly<Record<string, Variable>>;
}

/** What is gathered before the first step. */
export function nothingGathered(names: readonly string[], like: Variable): Gathered {
  return { steps: 0, slots: slotsOf(names, () => zerosLike(like)) };
}

/** What was gathered with these values, which stay the caller's. */
export function gatheredBefore(
  names: readonly string[],
  steps: number,
  valueOf: (slot: string) => Tensor,
): Gathered {
  return { steps, slots: slotsOf(names, valueOf) };
}

/** Frees what was gathered. */
export function forget(all: Iterable<Gathered>): void {
  for (const { slots } of all) for (const slot of Object.values(slots)) slot.dispose();
}

function slotsOf(names: readonly string[], valueOf: (slot: string) => Tensor): Record<string, Variable> {
  // A variable outlives the tidy, and shares the numbers of the tensor that it is made from.
  return tidy(() => Object.fromEntries(names.map((name) => [name, variable(valueOf(name), false)])));
}
