import { adam } from '@kd/optimizers';
import { distil } from './common/distil.js';
import { convnet, imageOf } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** A convolutional student. */
export const convolutional: GuardRecipe = {
  name: 'convolutional',
  run: (size, onStep) =>
    distil(
      {
        student: convnet(size, size.width / 8, 1),
        teacher: convnet(size, size.width / 4, 2),
        optimizer: () => adam({ learningRate: 1e-3 }),
        shape: imageOf(size),
      },
      size,
      onStep,
    ),
};
