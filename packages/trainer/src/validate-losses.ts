import { add, dispose, mul, scalar, stack, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tensorsOfBatch } from '@kd/core';
import type { Batch, TrainingTime } from '@kd/core';
import type { Objective } from '@kd/recipe';
import { askTeacher, tensorsOfPrediction } from './ask-teacher.js';
import type { Measurements } from './history.js';
import type { Interruption, Validated } from './validate.js';

/**
 * The losses of an objective over a validation set, the student in inference mode: each term's by name, and their weighted sum as
 * `loss`; undefined if the signal ends it.
 *
 * Batches count by their examples, or by the sum of their sample weights.
 */
export async function validateLosses(
  objective: Objective,
  time: TrainingTime,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  { signal, pause }: Interruption,
): Promise<Validated | undefined> {
  let names: string[] = [];
  let sums: Tensor | undefined;
  try {
    for await (const batch of batches) {
      try {
        const prediction = await askTeacher(objective, batch, signal);
        if (prediction === 'aborted') return undefined;
        try {
          const before = sums;
          sums = tidy(() => {
            const { total, losses, release } = objective.evaluate({
              batch,
              prediction,
              time,
              training: false,
            });
            release();
            names = [...Object.keys(losses), 'loss'];
            const { sampleWeight, inputs } = batch;
            const weight =
              sampleWeight === undefined
                ? scalar(Object.values(inputs)[0]?.shape[0] ?? 0)
                : sum(sampleWeight);
            const partial = mul(stack([scalar(1), ...Object.values(losses), total]), weight);
            return before === undefined ? partial : add(before, partial);
          });
          before?.dispose();
        } finally {
          dispose(tensorsOfPrediction(prediction));
        }
      } finally {
        dispose(tensorsOfBatch(batch));
      }
      await pause();
      if (signal?.aborted === true) return undefined;
    }
    const [weight = NaN, ...totals] = (await sums?.data()) ?? [];
    const means = names.map((name, index) => [name, (totals[index] ?? NaN) / weight]);
    return { measured: Object.fromEntries(means) as Measurements, weight };
  } finally {
    sums?.dispose();
  }
}
