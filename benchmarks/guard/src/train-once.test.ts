import { selectBackend } from '@kd/backend/node';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { compareWeights } from './compare-weights.js';
import { dense } from './recipes/dense.js';
import { resumed } from './recipes/resumed.js';
import { trainOnce } from './train-once.js';

const tiny = { batch: 4, batches: 3, epochs: 2, width: 8, side: 8 };

beforeAll(async () => {
  await selectBackend({ require: 'wasm' });
});

it('trains a recipe to the same bits twice, and leaves nothing behind', async () => {
  const before = memory().numTensors;
  const [first, second] = [await trainOnce(dense, tiny), await trainOnce(dense, tiny)];
  expect(compareWeights(first, second)).toEqual({ type: 'equal' });
  expect(memory().numTensors).toBe(before);
  expect(first.weights.map(({ name, shape }) => `${name} ${shape.join('x')}`).slice(0, 2)).toEqual([
    'hidden_1/kernel 64x8',
    'hidden_1/bias 8',
  ]);
  // The first step that ends only starts the clock.
  expect(first.milliseconds).toHaveLength(5);
  expect(first.processorMilliseconds).toHaveLength(5);
});

it('resumes a training to the same bits as an uninterrupted one', async () => {
  const [whole, broken] = [await trainOnce(dense, tiny), await trainOnce(resumed, tiny)];
  expect(compareWeights(whole, broken)).toEqual({ type: 'equal' });
  expect(broken.milliseconds).toHaveLength(5);
});

it('finds different weights after more steps', async () => {
  const more = await trainOnce(dense, { ...tiny, epochs: 3 });
  expect(compareWeights(await trainOnce(dense, tiny), more)).toMatchObject({ type: 'different' });
});
