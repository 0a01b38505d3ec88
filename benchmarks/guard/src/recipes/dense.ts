import { adam } from '@kd/optimizers';
import { distil } from './common/distil.js';
import { examples } from './common/examples.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** A dense student that is validated after each epoch and ends with its best weights. */
export const dense: GuardRecipe = {
  name: 'dense',
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
      { validation: { data: examples(2 * size.batch, features) } },
    ),
};
