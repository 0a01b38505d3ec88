import type { Tensor } from '@tensorflow/tfjs-core';
import type { Computed, Named } from '@kd/core';
import type { Gradients } from './differentiate.js';
import type { PlacesOfNumbers } from './read-step.js';

/** What a step is made of besides tensors: the same for all steps of a signature. */
export interface StepLayout {
  readonly places: PlacesOfNumbers;
  /** The names of all trained variables, also of those without a gradient. */
  readonly variables: readonly string[];
  /** The names of what each term carries. */
  readonly carries: readonly (readonly string[])[];
}

interface Step {
  readonly numbers: Tensor;
  readonly places: PlacesOfNumbers;
  readonly grads: Gradients;
  readonly carries: readonly Named[];
}

/** The tensors of a step by name, as a backend gives them back. */
export function flatStep(
  { numbers, places }: Pick<Step, 'numbers' | 'places'>,
  grads: Gradients,
  carries: readonly Named[],
): Computed<StepLayout> {
  const given = Object.entries(grads).filter((entry): entry is [string, Tensor] => entry[1] !== null);
  const carried = carries.flatMap((carry, index) =>
    Object.entries(carry).map(([name, tensor]) => [carryOf(index, name), tensor] as const),
  );
  return {
    tensors: {
      numbers,
      ...Object.fromEntries(given.map(([name, one]) => [gradientOf(name), one])),
      ...Object.fromEntries(carried),
    },
    layout: { places, variables: Object.keys(grads), carries: carries.map((carry) => Object.keys(carry)) },
  };
}

/** The step again. */
export function stepOf({ tensors, layout }: Computed<StepLayout>): Step {
  const { places, variables, carries } = layout;
  return {
    numbers: tensors['numbers'] as Tensor,
    places,
    grads: Object.fromEntries(variables.map((name) => [name, tensors[gradientOf(name)] ?? null])),
    carries: carries.map((names, index) =>
      Object.fromEntries(names.map((name) => [name, tensors[carryOf(index, name)] as Tensor])),
    ),
  };
}

const gradientOf = (name: string): string => `gradient of ${name}`;
const carryOf = (term: number, name: string): string => `carry ${String(term)} ${name}`;
