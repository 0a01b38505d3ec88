import { useBackend } from '@kd/testing';
import { expect, it } from 'vitest';
import { parametersOf, perceptron } from './perceptron.js';

it('has as many weights as parametersOf says, and the same ones for the same seed', async () => {
  await useBackend('cpu');
  const options = { units: 5, dropout: 0.5, seed: 1000 };
  const kernelOf = async (seed: number): Promise<number[]> => {
    const [kernel] = perceptron({ ...options, seed }).layers[0]?.getWeights() ?? [];
    return Array.from((await kernel?.data()) ?? []);
  };
  const model = perceptron(options);
  expect(model.countParams()).toBe(parametersOf(options));
  expect(model.layers.map(({ name }) => name)).toEqual(['hidden_1', 'dropout_1', 'hidden_2', 'dropout_2', 'logits']); // prettier-ignore
  expect(await kernelOf(1)).toEqual(await kernelOf(1));
  expect(await kernelOf(1)).not.toEqual(await kernelOf(2));
});
