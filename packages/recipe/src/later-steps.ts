import { dispose, keep, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Term, TermBatch } from '@kd/core';

/** What to do with a step once it is over. */
export interface LaterSteps {
  /** Calls `afterStep` of the terms that have one. Call it outside the tape, once the step is applied. */
  readonly afterStep: () => void;
  /** Frees what `afterStep` needs. Call it whether the step was applied or not. */
  readonly release: () => void;
}

/** Keeps what `afterStep` needs alive beyond the tape; keeps nothing if no term has one. */
export function laterSteps(
  terms: readonly Term[],
  termBatches: readonly TermBatch[],
  outputs: readonly Tensor[],
): LaterSteps {
  const later = terms.flatMap((term, index) => {
    const termBatch = termBatches[index] as TermBatch;
    return term.afterStep === undefined ? [] : [{ afterStep: term.afterStep.bind(term), termBatch }];
  });
  const kept = new Set(later.flatMap(({ termBatch }) => [...outputs, ...termBatch.student.taps]));
  for (const tensor of kept) keep(tensor);
  return {
    afterStep: () => {
      tidy(() => {
        for (const { afterStep, termBatch } of later) afterStep(termBatch);
      });
    },
    release: () => {
      dispose([...kept]);
    },
  };
}
