import { clone, dispose, keep } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * Remembers weights that a forward pass in training mode changes by itself: batch normalisation statistics.
 */
export interface Statistics {
  /** Records the values; call it before each step. */
  readonly remember: () => void;
  /** Restores the values that have changed since. */
  readonly restore: () => void;
  readonly dispose: () => void;
}

/** Remembers the statistics of a model: the weights that no optimizer trains. */
export function statisticsOf(untrained: readonly Variable[]): Statistics {
  const known = new Map<Variable, { readonly dataId: object; readonly value: Tensor }>();
  return {
    remember: () => {
      for (const variable of untrained) {
        const before = known.get(variable);
        // Assigning to a variable replaces its data: what was not assigned since the last step is not copied
        // again.
        if (before?.dataId === variable.dataId) continue;
        before?.value.dispose();
        known.set(variable, { dataId: variable.dataId, value: keep(clone(variable)) });
      }
    },
    restore: () => {
      for (const [variable, { dataId, value }] of known) {
        if (dataId !== variable.dataId) variable.assign(value);
      }
    },
    dispose: () => {
      dispose([...known.values()].map(({ value }) => value));
      known.clear();
    },
  };
}
