import { backends, expectClose, useBackend } from '@kd/testing';
import { mean, train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { defineTerm } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { describe, expect, it } from 'vitest';
import {
  dense,
  examples,
  net,
  numbersOf,
  onLabels,
  options,
  recorder,
  values,
  watching,
} from '../test/small.js';
import { train } from './index.js';

const noisy = (): LayersModel =>
  net(1, [
    layers.gaussianNoise({ stddev: 0.3 }),
    layers.batchNormalization({}),
    layers.dropout({ rate: 0.3 }),
    layers.dropout({ rate: 0.3, seed: 7 }),
    layers.alphaDropout({ rate: 0.2 }),
    layers.gaussianDropout({ rate: 0.2 }),
  ]);

describe.each(backends)('a seed on %s', (backend) => {
  const weightsAfter = async (seed: number): Promise<number[]> => {
    await useBackend(backend);
    const model = noisy();
    const adam = (): ReturnType<typeof optimizers.adam> => optimizers.adam(0.01);
    await train(onLabels(model), options(examples(10), { epochs: 3, seed, optimizer: adam }));
    return numbersOf(model);
  };

  it('gives the same run bit for bit, and another seed another run', async () => {
    const [first, second, other] = [await weightsAfter(5), await weightsAfter(5), await weightsAfter(6)];
    expect(first.every(Number.isFinite)).toBe(true);
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('a seed', () => {
  it.skipIf(backends.length < 2)('gives nearly the same run on both backends', async () => {
    const weights: number[][] = [];
    for (const backend of backends) {
      await useBackend(backend);
      const model = noisy();
      await train(onLabels(model), options(examples(10), { epochs: 2, seed: 5 }));
      weights.push(numbersOf(model));
    }
    expectClose(weights[1] ?? [], weights[0], { relative: 1e-3, absolute: 1e-4 });
  });

  it('controls dropout that has its own seed: a new mask in each step, and the seed restored', async () => {
    await useBackend('cpu');
    const dropout = layers.dropout({ rate: 0.5, seed: 7, name: 'dropout' });
    const model = net(1, [dropout]);
    const { of, onEvent } = recorder();
    // One batch, and nothing is learnt: only the mask changes the loss.
    const still = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(0);
    await train(onLabels(model), options(examples(4), { epochs: 8, onEvent, optimizer: still }));
    expect(new Set(of('step').map(({ total }) => total)).size).toBeGreaterThan(6);
    expect(dropout.getConfig()['seed']).toBe(7);
  });

  it('draws other numbers for each batch of a step, and in each step', async () => {
    await useBackend('cpu');
    const drawn: number[] = [];
    const term = defineTerm({
      name: 'drawing',
      reads: { student: { output: { as: 'logits' } } },
      loss: ({ student: { output }, random }) => {
        drawn.push(...values(random([1])));
        return { values: mean(output, -1) };
      },
    });
    const recipe = defineRecipe({ student: { model: net(), convention: 'logits' }, terms: [term] });
    await train(recipe, options(examples(12), { epochs: 2, batchSize: 2, accumulationSteps: 3 }));
    expect([drawn.length, new Set(drawn).size]).toEqual([12, 12]);
  });

  it('reorders the examples in each epoch', async () => {
    await useBackend('cpu');
    const ordersWith = async (seed: number): Promise<string[]> => {
      const ids = Array.from({ length: 10 }, (_, row) => String(row));
      const seen: string[] = [];
      const watched = watching((batch) => seen.push(...(batch.ids ?? [])));
      const model = sequential({ layers: [dense(1, { units: 3, inputShape: [2] })] });
      const data = { ...examples(10), ids };
      await train(
        defineRecipe({ student: { model, convention: 'logits' }, ...watched }),
        options(data, { epochs: 3, seed }),
      );
      const orders = [0, 1, 2].map((epoch) => seen.slice(10 * epoch, 10 * epoch + 10));
      for (const order of orders) expect([...order].sort()).toEqual(ids);
      return orders.map((order) => order.join(''));
    };
    const orders = await ordersWith(3);
    expect(new Set([...orders, '0123456789']).size).toBe(4);
    expect(await ordersWith(3)).toEqual(orders);
    expect(await ordersWith(4)).not.toEqual(orders);
    expect(await ordersWith(0)).not.toEqual(orders);
  });
});
