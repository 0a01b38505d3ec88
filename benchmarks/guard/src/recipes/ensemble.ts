import { adam } from '@kd/optimizers';
import { ensembleTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { recipeOf, teacherOf, wholeRun } from './common/distil.js';
import { examplesOf } from './common/examples.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** Three teachers, mixed at the temperature. */
export const ensemble: GuardRecipe = {
  name: 'ensemble',
  run: async (size, onStep) => {
    const student = perceptron(size.width, 1);
    const models = [2, 3, 4].map((seed) => perceptron(size.width, seed));
    const members = Object.fromEntries(
      models.map((model, index) => [`member_${String(index)}`, teacherOf(model)]),
    );
    await train(recipeOf(student, ensembleTeacher(members)), {
      ...wholeRun(size, onStep, examplesOf(size, features)),
      optimizer: () => adam({ learningRate: 1e-3 }),
    });
    models.forEach((model) => model.dispose());
    return [student];
  },
};
