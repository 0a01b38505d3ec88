import { accuracy, hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectClose, useBackend } from '@kd/testing';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { data, net, optimizer, recipeOf, tolerance } from '../test/two-logits.js';
import { values } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

// The student says class 0, the true one, for inputs above zero: 1, 3 and 5, but not -1.
it.each([4, 3, 1])('the term accuracy is that of validation, in batches of %i', async (batchSize) => {
  const weighted = { ...data, sampleWeight: Float32Array.of(3, 1, 0.5, 0) };
  const options = { epochs: 1, batchSize, optimizer, validation: { data: weighted } };
  const run = await train(recipeOf([hardTarget(), accuracy()]), { ...options, data: weighted });
  const [record] = run.history;
  expectClose(record?.losses['accuracy'] ?? NaN, 3.5 / 4.5, tolerance);
  expectClose(record?.validation?.['accuracy'] ?? NaN, 3.5 / 4.5, tolerance);
  expectClose(record?.total ?? NaN, record?.losses['hard'] ?? NaN, tolerance);
});

it('the term accuracy changes no weight', async () => {
  const terms = [softTarget({ temperature: 2, weight: 0.9 }), hardTarget({ weight: 0.1 })];
  const learn = async (more: readonly ReturnType<typeof accuracy>[]): Promise<unknown> => {
    const options = { data, epochs: 2, batchSize: 3, optimizer: () => optimizers.adam(0.1), seed: 3 };
    const { student } = await train(recipeOf([...terms, ...more], net([1])), options);
    return student.model.getWeights().map((weight) => values(weight));
  };
  expect(await learn([accuracy()])).toEqual(await learn([]));
});
