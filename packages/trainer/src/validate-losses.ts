import { add, concat, dispose, mul, scalar, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tensorsOfAnswer, tensorsOfBatch } from '@kd/core';
import type { Batch, TrainingTime } from '@kd/core';
import type { Evaluation, Objective } from '@kd/recipe';
import { askTeacher } from './ask-teacher.js';
import type { Measurements } from './history.js';
import { meansOf } from './sums.js';
import type { Sum } from './sums.js';
import type { Interruption, Validated } from './validate.js';

/**
 * The losses of an objective over a validation set, with the student in inference mode: the loss of each term
 * by name, `sum w l / sum w` over everything that counts for it, and their weighted sum as `loss`. Undefined
 * if the signal ends it.
 */
export async function validateLosses(
  objective: Objective,
  time: TrainingTime,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  { signal, pause }: Interruption,
): Promise<Validated | undefined> {
  let names: string[] = [];
  let weights: Measurements = {};
  let sums: Tensor | undefined;
  try {
    for await (const batch of batches) {
      try {
        const answer = await askTeacher(objective, batch, signal);
        if (answer === 'aborted') return undefined;
        try {
          const before = sums;
          sums = tidy(() => {
            const evaluation = objective.evaluate({ batch, answer, time, training: false });
            evaluation.release();
            ({ weights } = evaluation);
            names = Object.keys(evaluation.losses);
            const partial = sumsOf(evaluation);
            return before === undefined ? partial : add(before, partial);
          });
          before?.dispose();
        } finally {
          if (answer !== undefined) dispose(tensorsOfAnswer(answer));
        }
      } finally {
        dispose(tensorsOfBatch(batch));
      }
      await pause();
      if (signal?.aborted === true) return undefined;
    }
    const read = (await sums?.data()) ?? new Float32Array();
    const added = names.map((name, index): [string, Sum] => {
      const [normalizer = NaN, loss = NaN] = [read[index], read[names.length + index]];
      return [name, { normalizer, loss, weighted: (weights[name] ?? 1) * loss }];
    });
    const { losses, total } = meansOf(Object.fromEntries(added));
    const ofTerms = added.flatMap(([name, { normalizer }]) => (name in weights ? [normalizer] : []));
    return { measured: { ...losses, loss: total }, weight: Math.max(...ofTerms) };
  } finally {
    sums?.dispose();
  }
}

/** For all losses, the denominators first, then the sums. */
function sumsOf({ losses, normalizers }: Evaluation): Tensor {
  const weights = stack(
    Object.keys(losses).map((name) => {
      const normalizer = normalizers[name] ?? 0;
      return typeof normalizer === 'number' ? scalar(normalizer) : normalizer;
    }),
  );
  return concat([weights, mul(weights, stack(Object.values(losses)))]);
}
