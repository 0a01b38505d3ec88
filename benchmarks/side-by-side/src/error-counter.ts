import { countErrors, writeWeights } from '@kd-benchmarks/experiment';
import { loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { perceptron } from './perceptron.js';
import type { Activation } from './perceptron.js';
import type { Settings } from './settings.js';
import { shapesOf, split } from './work/weights.js';

/** Counts the test digits that a student gets wrong, with the same program for all peers. */
export function errorCounter({
  units,
  testDigits,
}: Settings): (weights: Float32Array, activation: Activation) => Promise<number> {
  const digits = loadDigits('t10k').then((all) => slice(all, 0, testDigits));
  return async (weights, activation) => {
    const model = perceptron(units.student, activation);
    try {
      writeWeights(model, split(weights, shapesOf(pixels, units.student)));
      return await countErrors(model, await digits);
    } finally {
      model.dispose();
    }
  };
}
