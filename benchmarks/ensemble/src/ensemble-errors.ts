import { argMax, notEqual, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Digits } from '@kd-datasets/mnist';
import { scoresOf, teacherOf } from '@kd-benchmarks/experiment/perceptrons';
import type { TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import { means } from './means.js';
import type { MeanName } from './means.js';

/** The number of digits that the mean of several nets at T = 1 gets wrong. */
export async function ensembleErrors(
  nets: readonly TrainedNet[],
  mean: MeanName,
  digits: Digits,
): Promise<number> {
  const wrong = tidy(() => {
    const logits = nets.map((net) => {
      const { model } = teacherOf(net);
      const scores = scoresOf(model, digits);
      model.dispose();
      return scores;
    });
    const mixed = means[mean](logits, { temperature: 1, weights: nets.map(() => 1 / nets.length) });
    return sum(notEqual(argMax(mixed, 1), tensor(digits.labels, [digits.size], 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  wrong.dispose();
  return errors;
}
