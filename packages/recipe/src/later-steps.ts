import { dispose, keep, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Term, TermBatch } from '@kd/core';
import type { Evaluation } from './evaluate.js';

/** Keeps what `afterStep` needs alive beyond the tape; nothing if no term has one. */
export function laterSteps(
  terms: readonly Term[],
  termBatches: readonly TermBatch[],
  outputs: readonly Tensor[],
): Pick<Evaluation, 'afterStep' | 'release'> {
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
