import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { values } from '../test/small.js';
import { train } from './index.js';

const reader = (): LayersModel =>
  sequential({
    layers: [
      layers.embedding({ name: 'words', inputDim: 5, outputDim: 2, inputLength: 3 }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  });
const facts = ['the layer "words"', 'its input', 'whole numbers from 0 to 4'];

describe('an id without a row in the embedding', () => {
  it.each([5, -1])('is named in a training: %i; no weight changes', async (id) => {
    await useBackend('cpu');
    const model = reader();
    const before = model.getWeights().map((weight) => values(weight));
    const data = {
      inputs: { values: Int32Array.of(0, id, 2, 1, 2, 3), shape: [2, 3] },
      labels: Int32Array.of(0, 1),
    };
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
    await expectNoLeak(() =>
      expectKdError(
        () => train(recipe, { data, epochs: 1, optimizer: () => optimizers.sgd(0.1) }),
        'KD_INPUT_RANGE',
        ...facts,
        String(id),
      ),
    );
    expect(model.getWeights().map((weight) => values(weight))).toEqual(before);
  });

  it.each(backends)('is named in the answer of a teacher on %s', async (backend) => {
    await useBackend(backend);
    const teacher = layersTeacher(reader(), { convention: 'logits' });
    const ids = tensor2d([[0, 7, 1]], [1, 3], 'int32');
    const ask = () => teacher.predict({ inputs: { ids } }, { outputs: ['output'], taps: [] });
    await expectKdError(ask, 'KD_INPUT_RANGE', ...facts, '7');
  });
});
