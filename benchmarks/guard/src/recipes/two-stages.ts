import { adam } from '@kd/optimizers';
import { trainInTwoStages } from '@kd/two-stage-trainer';
import { teacherOf, wholeRun } from './common/distil.js';
import { examples, examplesOf } from './common/examples.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/** FitNets: hints first, then soft and hard targets. */
export const twoStages: GuardRecipe = {
  name: 'two-stages',
  run: async (size, onStep) => {
    const student = perceptron(size.width, 1);
    const teacher = perceptron(2 * size.width, 2);
    const { epochs, ...whole } = wholeRun(size, onStep, examplesOf(size, features));
    const stage = { epochs: epochs / 2, optimizer: () => adam({ learningRate: 1e-3 }) };
    await trainInTwoStages(
      {
        teacher: teacherOf(teacher),
        student: { model: student, convention: 'logits' },
        hint: 'hidden_1',
        guided: 'hidden_1',
      },
      {
        ...whole,
        validation: { data: examples(2 * size.batch, features) },
        hints: stage,
        distillation: stage,
      },
    );
    teacher.dispose();
    return [student];
  },
};
