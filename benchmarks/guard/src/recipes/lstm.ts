import { rmsprop } from '@kd/optimizers';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { distil } from './common/distil.js';
import { logits } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';
import { startFrom } from './common/start-from.js';

/** Length of a sequence and numbers per step. */
const sequence = [8, 8];

function recurrent(units: number, seed: number): LayersModel {
  // tfjs's default initializer of the recurrent kernel needs a part of tfjs that is not loaded here.
  const recurrentInitializer = 'glorotUniform';
  const model = sequential({
    layers: [layers.lstm({ name: 'lstm', units, recurrentInitializer, inputShape: sequence }), logits()],
  });
  return startFrom(model, seed);
}

/** A recurrent student; RMSProp with clipped gradients. */
export const lstm: GuardRecipe = {
  name: 'lstm',
  run: (size, onStep) =>
    distil(
      {
        student: recurrent(size.width / 4, 1),
        teacher: recurrent(size.width / 2, 2),
        optimizer: () => rmsprop({ learningRate: 2e-3, clipNorm: 1 }),
        shape: sequence,
      },
      size,
      onStep,
    ),
};
