// A mean over what counts, in training and validation, is the same whatever the size of the batches.
//
// The learning rate is 0, so that every number is a property of one student and one data set.
import '@tensorflow/tfjs-backend-cpu';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss/terms';
import { train, trainStages } from '@kd/trainer';
import type { InMemoryData } from '@kd/trainer';
import { setBackend, tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

await setBackend('cpu');

// The logits are [x, 0], so that with label 0 the loss is log(1 + exp(-x)).
const identity = (inputShape: number[]): LayersModel =>
  sequential({
    layers: [layers.dense({ units: 2, inputShape, weights: [tensor2d([[1, 0]]), tensor1d([0, 0])] })],
  });
const loss = (x: number): number => Math.log1p(Math.exp(-x));
const still = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(0);
const sizes = [4, 2, 1];

/** Losses of training and validation with batches of 4, 2 and 1 examples. */
interface Measured {
  training: string[];
  validation: string[];
}

const measured = async (inputShape: number[], data: InMemoryData): Promise<Measured> => {
  const all: Measured = { training: [], validation: [] };
  for (const batchSize of sizes) {
    const student = { model: identity(inputShape), output: 'logits' } as const;
    const recipe = defineRecipe({ student, terms: [hardTarget()] });
    const { history } = await train(recipe, {
      data,
      epochs: 1,
      batchSize,
      optimizer: still,
      validation: { data },
    });
    all.training.push((history[0]?.losses['hard'] ?? NaN).toFixed(4));
    all.validation.push((history[0]?.validation?.['loss'] ?? NaN).toFixed(4));
  }
  return all;
};
const forAll = (expected: number): string[] => sizes.map(() => expected.toFixed(4));

const inputs = { values: Float32Array.of(1, -1, 5, 5), shape: [4, 1] };
const labels = new Int32Array(4);

describe('where two of four examples have a label', () => {
  const data = { inputs, labels, labelled: Float32Array.of(1, 1, 0, 0) };
  const expected = forAll((loss(1) + loss(-1)) / 2);
  let seen: Measured;
  beforeAll(async () => {
    seen = await measured([1], data);
  });

  it.fails('training has the mean over those two', () => {
    expect(seen.training).toEqual(expected);
  });

  it('validation has the mean over those two', () => {
    expect(seen.validation).toEqual(expected);
  });

  describe('and a stage is judged by its losses', () => {
    const judged: string[] = [];
    beforeAll(async () => {
      for (const batchSize of sizes) {
        const stopping = { measure: 'losses' } as const;
        const stages = [{ name: 'one', terms: [hardTarget()], epochs: 1, optimizer: still, stopping }];
        const student = { model: identity([1]), output: 'logits' } as const;
        const run = await trainStages({ student, stages }, { data, validation: { data, batchSize } });
        judged.push((run.stages[0]?.history[0]?.validation?.['loss'] ?? NaN).toFixed(4));
      }
    });

    it.fails('so has its validation', () => {
      expect(judged).toEqual(expected);
    });
  });
});

describe('where examples have weights', () => {
  const weights = [3, 1, 0.5, 0.5];
  const expected = forAll((3 * loss(1) + loss(-1) + loss(5)) / 5);
  let seen: Measured;
  beforeAll(async () => {
    seen = await measured([1], { inputs, labels, sampleWeight: Float32Array.from(weights) });
  });

  it.fails('training has the weighted mean', () => {
    expect(seen.training).toEqual(expected);
  });

  it('validation has the weighted mean', () => {
    expect(seen.validation).toEqual(expected);
  });
});

describe('where one and three positions of two sequences count', () => {
  const expected = forAll((loss(-1) + 3 * loss(1)) / 4);
  let seen: Measured;
  beforeAll(async () => {
    seen = await measured([3, 1], {
      inputs: { values: Float32Array.of(-1, 9, 9, 1, 1, 1), shape: [2, 3, 1] },
      labels: { values: new Int32Array(6), shape: [2, 3] },
      mask: { values: Float32Array.of(1, 0, 0, 1, 1, 1), shape: [2, 3] },
    });
  });

  it.fails('training has the mean over those four', () => {
    expect(seen.training).toEqual(expected);
  });

  it.fails('validation has the mean over those four', () => {
    expect(seen.validation).toEqual(expected);
  });
});
