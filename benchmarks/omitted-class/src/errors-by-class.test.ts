import { useBackend } from '@kd/testing';
import { perceptron } from '@kd-benchmarks/experiment/perceptrons';
import { tensor1d, zeros } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { errorsByClass } from './errors-by-class.js';

it('counts the errors of each class', async () => {
  await useBackend('cpu');
  const model = perceptron({ units: 2, dropout: 0, seed: 1 });
  // Predicts a 7 for every digit.
  model.layers.at(-1)?.setWeights([zeros([2, 10]), tensor1d([0, 0, 0, 0, 0, 0, 0, 1, 0, 0])]);
  const labels = Int32Array.of(7, 3, 3, 7, 0);
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const errors = await errorsByClass(model, { size: 5, images: new Float32Array(5 * 784), labels, ids });
  expect(errors).toEqual([1, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
});
