import { adam } from '@kd/optimizers';
import { train } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import { join } from 'node:path';
import { recipeOf, teacherOf, wholeRun } from './common/distil.js';
import { examplesOf } from './common/examples.js';
import { inFolder } from './common/in-folder.js';
import { features, perceptron } from './common/nets.js';
import type { GuardRecipe } from './common/recipe.js';

/**
 * A training that is aborted in the middle of its second epoch and resumed with another student from its
 * checkpoint.
 */
export const resumed: GuardRecipe = {
  name: 'resumed',
  run: (size, onStep) =>
    inFolder(async (folder) => {
      const teacher = perceptron(2 * size.width, 2);
      const callOff = new AbortController();
      const last = Math.floor(1.5 * size.batches);
      let steps = 0;
      const runOf = async (seed: number): Promise<ReturnType<typeof perceptron>> => {
        const student = perceptron(size.width, seed);
        const tell = (): void => {
          onStep();
          if (++steps === last) callOff.abort();
        };
        await train(recipeOf(student, teacherOf(teacher)), {
          ...wholeRun(size, tell, examplesOf(size, features)),
          optimizer: () => adam({ learningRate: 1e-3 }),
          checkpoint: { store: checkpointDirectory(join(folder, 'checkpoints')), resume: true },
          ...(steps === 0 ? { signal: callOff.signal } : {}),
        });
        return student;
      };
      (await runOf(1)).dispose();
      const student = await runOf(3);
      teacher.dispose();
      return [student];
    }),
};
