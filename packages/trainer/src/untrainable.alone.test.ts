import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { expectKdError, useBackend } from '@kd/testing';
import { tensor1d, train as optimizers, zeros } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { train } from './train.js';

it('names the layer that stock wasm cannot train, before the first step', async () => {
  await useBackend('wasm');
  const model = sequential({
    layers: [
      layers.conv2d({ name: 'convolution', filters: 2, kernelSize: 3, inputShape: [5, 5, 1] }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  });
  const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
  const data = { inputs: zeros([4, 5, 5, 1]), labels: tensor1d([0, 1, 0, 1], 'int32') };
  const events: string[] = [];
  await expectKdError(
    () =>
      train(recipe, {
        data,
        epochs: 1,
        optimizer: () => optimizers.sgd(0.1),
        onEvent: ({ type }) => events.push(type),
      }),
    'KD_KERNEL_MISSING',
    'train',
    'the layer "convolution"',
    'Conv2DBackpropFilter',
    '"wasm"',
  );
  expect(events).toEqual([]);
});
