import { adamW } from '@kd/optimizers';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { distil } from './common/distil.js';
import { features, logits, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';
import { startFrom } from './common/start-from.js';

function noisy(units: number): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({ name: 'hidden_1', units, activation: 'relu', inputShape: [...features] }),
      layers.dropout({ name: 'dropout', rate: 0.3 }),
      layers.dense({ name: 'hidden_2', units, activation: 'relu' }),
      layers.gaussianNoise({ name: 'noise', stddev: 0.1 }),
      logits(),
    ],
  });
  return startFrom(model, 1);
}

/** Layers that draw random numbers in each step; AdamW. */
export const dropout: GuardRecipe = {
  name: 'dropout',
  run: (size, onStep) =>
    distil(
      {
        student: noisy(size.width),
        teacher: perceptron(2 * size.width, 2),
        optimizer: () => adamW({ learningRate: 1e-3 }),
        shape: features,
      },
      size,
      onStep,
    ),
};
