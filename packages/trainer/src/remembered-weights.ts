import { clone, dispose, keep } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** Remembers the values of weights, so that a step can be undone. */
export interface RememberedWeights {
  /** Records the values; call it before each step. */
  readonly remember: () => void;
  /** Restores the values that have changed since. */
  readonly restore: () => void;
  readonly dispose: () => void;
}

/** Remembers variables by clones, which share their numbers until somebody assigns others. */
export function rememberedWeights(variables: readonly Variable[]): RememberedWeights {
  const known = new Map<Variable, { readonly dataId: object; readonly value: Tensor }>();
  return {
    remember: () => {
      for (const variable of variables) {
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
