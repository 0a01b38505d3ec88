import { useBackend } from '@kd/testing';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { train } from './train.js';

await useBackend('cpu');

it.each([{}, { trainable: false }, { scale: false }, { center: false }, { scale: false, trainable: false }])(
  'trains a student whose batch normalisation has %j',
  async (config) => {
    const model = sequential({
      layers: [
        layers.dense({ units: 3, inputShape: [2] }),
        layers.batchNormalization({ name: 'norm', ...config }),
        layers.dense({ units: 2 }),
      ],
    });
    let steps = 0;
    const { reason } = await train(
      defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] }),
      {
        data: {
          inputs: { values: Float32Array.from({ length: 8 }, (_, index) => Math.sin(index)), shape: [4, 2] },
          labels: Int32Array.of(0, 1, 0, 1),
        },
        batchSize: 4,
        epochs: 1,
        optimizer: () => optimizers.sgd(0.1),
        onEvent: ({ type }) => void (steps += Number(type === 'step')),
      },
    );
    expect([reason, steps]).toEqual(['finished', 1]);
  },
);
