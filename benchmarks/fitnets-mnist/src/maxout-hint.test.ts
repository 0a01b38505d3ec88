import { lossOf, useBackend } from '@kd/testing';
import { ones, tensor, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { maxoutHint } from './maxout-hint.js';

beforeAll(() => useBackend('cpu'));

const taps = { guided: 'pooling_4', hint: 'pooling_2' };

/** The regressor from maps of 6x6x2 to maps of 4x4x3. */
const regressorOf = (term: ReturnType<typeof maxoutHint>): LayersModel => {
  const infos = {
    student: { map: { shape: [null, 6, 6, 2] } },
    teacher: { map: { shape: [null, 4, 4, 3] } },
  };
  const parts = term.modules['regressor']?.build({ ...infos, datasetSize: undefined, seed: 1 });
  return parts?.['regress'] as LayersModel;
};

it('is a convolution without padding of two pieces per channel', async () => {
  const model = regressorOf(maxoutHint(taps, { uniform: 0.05, maxNorm: 0.9 }));
  const [kernel, bias] = model.weights;
  expect([kernel?.shape, bias?.shape]).toEqual([[3, 3, 2, 6], [6]]);
  expect(model.outputShape).toEqual([null, 4, 4, 3]);
  const values = Array.from((await kernel?.read().data()) ?? []);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.05);
  expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.045);
});

it('has scaled first weights without a range', async () => {
  const [kernel] = regressorOf(maxoutHint(taps, { maxNorm: 0.9 })).weights;
  const values = Array.from((await kernel?.read().data()) ?? []);
  // LeCun's standard deviation, 1 / sqrt(3 * 3 * 2).
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  expect(deviation).toBeGreaterThan(0.18);
  expect(deviation).toBeLessThan(0.29);
});

it('is half the squared distance from the larger of both pieces', async () => {
  const term = maxoutHint(taps, { maxNorm: 0.9 });
  const model = regressorOf(term);
  model.setWeights([zeros([3, 3, 2, 6]), tensor([1, 2, 3, -1, 5, 0])]);
  const { values } = lossOf(term, {
    student: { map: ones([1, 6, 6, 2]) },
    teacher: { map: zeros([1, 4, 4, 3]) },
    modules: { regressor: { regress: (x: Tensor) => model.apply(x) as Tensor } },
  });
  // 16 positions with max(1, -1), max(2, 5) and max(3, 0).
  expect(Array.from(await values.data())).toEqual([(16 * (1 + 25 + 9)) / 2]);
});
