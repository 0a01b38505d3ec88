import { adam } from '@kd/optimizers';
import { distil } from './common/distil.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** Each step uses the gradients of four small batches. */
export const accumulation: GuardRecipe = {
  name: 'accumulation',
  run: (size, onStep) =>
    distil(
      {
        student: perceptron(size.width, 1),
        teacher: perceptron(2 * size.width, 2),
        optimizer: () => adam({ learningRate: 1e-3 }),
        shape: features,
      },
      size,
      onStep,
      { batchSize: size.batch / 4, accumulationSteps: 4 },
    ),
};
