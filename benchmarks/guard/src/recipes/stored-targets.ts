import { adam } from '@kd/optimizers';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { train } from '@kd/trainer';
import { join } from 'node:path';
import { recipeOf, teacherOf, wholeRun } from './common/distil.js';
import { examplesOf } from './common/examples.js';
import { inFolder } from './common/in-folder.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** A teacher that is asked once; its answers are then read from a file. */
export const storedTargets: GuardRecipe = {
  name: 'stored-targets',
  run: (size, onStep) =>
    inFolder(async (folder) => {
      const student = perceptron(size.width, 1);
      const teacher = perceptron(2 * size.width, 2);
      const data = examplesOf(size, features);
      const out = join(folder, 'targets');
      await storeSoftTargets({ teacher: teacherOf(teacher), data, out });
      teacher.dispose();
      await train(recipeOf(student, await storedTeacher(out)), {
        ...wholeRun(size, onStep, data),
        optimizer: () => adam({ learningRate: 1e-3 }),
      });
      return [student];
    }),
};
