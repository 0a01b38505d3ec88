import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { memory, ones, tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { array, generator, zip } from '@tensorflow/tfjs-data';
import { input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, net, numbersOf, onLabels, recorder, values } from '../../test/small.js';
import { fromDataset } from '@kd/data';
import { train } from '../index.js';
import type { DatasetLike, InMemoryData } from '@kd/data';

await useBackend('cpu');

const inputs = [0, 1, 2, 3, 4, 5, 6].map((row) => [Math.sin(row), Math.cos(row)]);
const labels = inputs.map((_, row) => row % 3);
const start = { epoch: 0, seed: 0, skip: 0 };
const trained = async (dataset: DatasetLike): Promise<number[]> => {
  const model = net();
  const optimizer = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(0.1);
  await train(onLabels(model), { data: fromDataset(dataset), epochs: 2, optimizer });
  return numbersOf(model);
};

describe('fromDataset', () => {
  it('trains as fitDataset would: batches in the order of the data set, afresh in each epoch', async () => {
    const dataset = zip({ xs: array(inputs), ys: array(labels) }).batch(3);
    const model = net();
    const stream = function* (): Generator<{ inputs: { x: Tensor }; targets: { labels: Tensor } }> {
      for (const [from, to] of [
        [0, 3],
        [3, 6],
        [6, 7],
      ]) {
        const rows = inputs.slice(from, to);
        yield { inputs: { x: tensor2d(rows) }, targets: { labels: tensor1d(labels.slice(from, to)) } };
      }
    };
    await train(onLabels(model), { data: stream, epochs: 2, optimizer: () => optimizers.sgd(0.1) });
    expect(await trained(dataset)).toEqual(numbersOf(model));
  });

  it('takes inputs and targets by name, or no targets', async () => {
    const named = inputs.map(([a, b], row) => ({
      xs: { left: [a ?? 0], right: [b ?? 0] },
      ys: { labels: row % 3 },
    }));
    const both = ['left', 'right'].map((name) => input({ name, shape: [1] }));
    const joined = layers.concatenate().apply(both) as SymbolicTensor;
    const model = functional({
      inputs: both,
      outputs: dense(1, { units: 3 }).apply(joined) as SymbolicTensor,
    });
    const { of, onEvent } = recorder();
    const dataset = array(named).batch(4);
    await train(onLabels(model), {
      data: fromDataset(dataset),
      epochs: 1,
      optimizer: () => optimizers.sgd(0.1),
      onEvent,
    });
    expect(of('step').map(({ examples }) => examples)).toEqual([4, 3]);

    for await (const batch of fromDataset(array([{ xs: [1, 2] }]).batch(1))(start)) {
      expect(Object.keys(batch)).toEqual(['inputs']);
      expect(values(batch.inputs['input'])).toEqual([1, 2]);
    }
  });

  it('is cut off by stepsPerEpoch, and works as a validation set', async () => {
    const endless = generator(function* () {
      for (let row = 0; ; row++) yield { xs: [row, 1], ys: row % 3 };
    }).batch(2);
    const validation = { data: fromDataset(zip({ xs: array(inputs), ys: array(labels) }).batch(3)) };
    const model = net();
    const run = await train(onLabels(model), {
      data: fromDataset(endless),
      epochs: 2,
      stepsPerEpoch: 3,
      validation,
      optimizer: () => optimizers.sgd(0.1),
    });
    expect(run.history.map(({ step }) => step)).toEqual([3, 6]);
    const data: InMemoryData = {
      inputs: { values: new Float32Array(inputs.flat()), shape: [7, 2] },
      labels: new Int32Array(labels),
    };
    const again = await train(onLabels(model), {
      data,
      epochs: 1,
      validation: { data },
      optimizer: () => optimizers.sgd(0),
    });
    const bestLoss = Math.min(...run.history.map((record) => record.validation?.['loss'] ?? NaN));
    expect(again.history[0]?.validation?.['loss']).toBeCloseTo(bestLoss, 5);
  });

  it('skips batches, and disposes them', async () => {
    await expectNoLeak(async () => {
      const stream = fromDataset(zip({ xs: array(inputs), ys: array(labels) }).batch(3));
      const seen: number[] = [];
      for await (const { inputs, targets } of stream({ ...start, skip: 2 })) {
        seen.push(...values(targets?.['labels']));
        inputs['input']?.dispose();
        targets?.['labels']?.dispose();
      }
      expect(seen).toEqual([0]);
    });
  });

  it.each<[string, () => unknown, string]>([
    ['a tensor', () => ones([2]), 'a float32 tensor [2]'],
    ['an array', () => [ones([2]), ones([2])], 'an array of length 2'],
    ['a number', () => 3, '3'],
    ['nothing', () => null, 'null'],
    ['labels only', () => ({ ys: ones([2]) }), 'an object with ys'],
    ['inputs that are not tensors', () => ({ xs: [1, 2], ys: ones([2]) }), 'an object with xs, ys'],
    [
      'targets that are not tensors',
      () => ({ xs: ones([2]), ys: { labels: [1, 2] } }),
      'an object with xs, ys',
    ],
    ['null targets', () => ({ xs: ones([2]), ys: null }), 'an object with xs, ys'],
    [
      'additional weights',
      () => ({ xs: ones([2]), ys: ones([2]), weights: ones([2]) }),
      'an object with xs, ys, weights',
    ],
  ])('refuses elements that are %s', async (_, value, received) => {
    const before = memory().numTensors;
    const elements = [value()];
    const dataset: DatasetLike = {
      iterator: () =>
        Promise.resolve({ next: () => Promise.resolve({ value: elements.shift(), done: false }) }),
    };
    const read = async (): Promise<void> => {
      for await (const batch of fromDataset(dataset)(start)) expect.fail(Object.keys(batch).join());
    };
    await expectKdError(read, 'KD_DATA_TYPE', 'fromDataset', 'an element of the data set', received);
    expect(memory().numTensors).toBe(before);
  });

  it.each([undefined, null, {}, [], { iterator: 3 }])(
    'refuses %j in place of a data set',
    async (dataset) => {
      await expectKdError(
        () => fromDataset(dataset as never),
        'KD_OPTION_TYPE',
        'fromDataset',
        'dataset.iterator',
      );
    },
  );
});
