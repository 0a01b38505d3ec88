import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Given } from './given.js';
import { withValues } from './given.js';
import type { Rig } from './rig.js';

/** A batch of which one value has taken a step in a direction. */
export function moved(given: Given, key: string, direction: readonly number[], step: number): Given {
  return withValues(given, ({ slot, values }) =>
    slot.key === key ? values.map((x, index) => x + step * (direction[index] as number)) : undefined,
  );
}

/** Gives a weight of a module other numbers. */
export function assign({ objective }: Rig, name: string, values: readonly number[]): void {
  const weight = objective.moduleWeights.find((one) => one.name === name);
  tidy(() => weight?.variable.assign(tensor([...values], weight.variable.shape, weight.variable.dtype)));
}
