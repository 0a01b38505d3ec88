import { clone, dispose, keep } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** Remembers weights that a forward in training mode changes by itself: the statistics of batch normalisation. */
export interface Statistics {
  /** Takes note of the values; call it before each step. */
  readonly remember: () => void;
  /** Puts the values back that have changed since. */
  readonly restore: () => void;
  readonly dispose: () => void;
}

/** Remembers the statistics among the weights of a model that no optimizer trains. */
export function statisticsOf(untrained: readonly Variable[]): Statistics {
  const known = new Map<Variable, { readonly dataId: object; readonly value: Tensor }>();
  return {
    remember: () => {
      for (const variable of untrained) {
        const before = known.get(variable);
        // An assignment gives a variable other data: what was not assigned to since the last step is not copied again.
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
