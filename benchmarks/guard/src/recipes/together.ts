import { adam } from '@kd/optimizers';
import { onlineTeacher } from '@kd/teacher';
import { trainTogether } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { recipeOf, stepsTo, wholeRun } from './common/distil.js';
import { examplesOf } from './common/examples.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** Two students that teach each other; each step trains one of them. */
export const together: GuardRecipe = {
  name: 'together',
  run: async (size, onStep) => {
    const [wide, narrow] = [perceptron(size.width, 1), perceptron(size.width / 2, 2)] as const;
    const learning = (model: LayersModel, peer: LayersModel) =>
      recipeOf(model, onlineTeacher(peer, { convention: 'logits' }));
    const tell = stepsTo(onStep);
    await trainTogether(
      { wide: learning(wide, narrow), narrow: learning(narrow, wide) },
      {
        ...wholeRun(size, onStep, examplesOf(size, features)),
        epochs: size.epochs / 2,
        optimizer: () => adam({ learningRate: 1e-3 }),
        onEvent: (_, event) => {
          tell(event);
        },
      },
    );
    return [wide, narrow];
  },
};
