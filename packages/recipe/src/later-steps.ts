import { clone, dispose, keep, tidy } from '@tensorflow/tfjs-core';
import type { AfterStep, Named } from '@kd/core';
import { callableModules } from './callable-parts.js';
import type { PreparedTerm } from './prepared.js';
import { mapValues } from './sources.js';

/** What to do with a step once it is over. */
export interface LaterSteps {
  /** Calls `afterStep` of the terms that have one. Call it outside the tape, once the step is applied. */
  readonly afterStep: () => void;
  /** Frees what `afterStep` needs. Call it whether the step was applied or not. */
  readonly release: () => void;
}

/** Keeps what `afterStep` needs alive beyond the tape; keeps nothing if no term has one. */
export function laterSteps(terms: readonly PreparedTerm[], carries: readonly Named[]): LaterSteps {
  const later = terms.flatMap(({ term, modules }, index) => {
    if (term.afterStep === undefined) return [];
    const carry = mapValues(carries[index] ?? {}, (tensor) => keep(clone(tensor)));
    const inference = { training: false, seed: undefined };
    const after: AfterStep = { carry, modules: callableModules(term.name, modules, () => true, inference) };
    return [{ term, after }];
  });
  return {
    afterStep: () => {
      tidy(() => {
        for (const { term, after } of later) term.afterStep?.(after);
      });
    },
    release: () => {
      dispose(later.flatMap(({ after }) => Object.values(after.carry)));
    },
  };
}
