import { hint } from '@kd/hint-regressor';
import { adam } from '@kd/optimizers';
import { train } from '@kd/trainer';
import { recipeOf, softAndHard, teacherOf, wholeRun } from './common/distil.js';
import { examplesOf } from './common/examples.js';
import { convnet, imageOf } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** Hints with soft and hard targets: the regressor is trained together with the student. */
export const hints: GuardRecipe = {
  name: 'hints',
  run: async (size, onStep) => {
    const student = convnet(size, size.width / 8, 1);
    const teacher = convnet(size, size.width / 4, 2);
    const terms = [
      hint({ name: 'hint', student: 'pool_1', teacher: 'pool_1', reduction: 'mean' }),
      ...softAndHard(),
    ];
    await train(recipeOf(student, teacherOf(teacher), terms), {
      ...wholeRun(size, onStep, examplesOf(size, imageOf(size))),
      optimizer: () => adam({ learningRate: 1e-3 }),
    });
    teacher.dispose();
    return [student];
  },
};
