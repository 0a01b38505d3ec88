import { argMax, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits } from '@kd-datasets/mnist';
import { scoresOf } from '@kd-benchmarks/experiment/perceptrons';
import type { ErrorsByClass } from './job.js';

/** The number of digits of each class that a model gets wrong. */
export async function errorsByClass(model: LayersModel, digits: Digits): Promise<ErrorsByClass> {
  const guesses = tidy(() => argMax(scoresOf(model, digits), 1));
  const errors = Array.from({ length: 10 }, () => 0);
  (await guesses.data()).forEach((guess, row) => {
    const digit = digits.labels[row] as number;
    if (guess !== digit) (errors[digit] as number) += 1;
  });
  guesses.dispose();
  return errors;
}
