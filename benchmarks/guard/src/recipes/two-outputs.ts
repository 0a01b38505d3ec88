import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { huberLoss, teacherBounded, valueMatching, valueTarget } from '@kd/regression-loss';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { wholeRun } from './common/distil.js';
import { classes, examplesOf } from './common/examples.js';
import { features } from './common/nets.js';
import { numbers } from './common/numbers.js';
import type { GuardRecipe } from './common/recipe.js';
import { startFrom } from './common/start-from.js';

const coordinates = 4;
const convention = { kind: 'logits', box: 'values' } as const;

/** A net with one head for classes and one for the four numbers of a box. */
function twoHeads(units: number, seed: number): LayersModel {
  const inputs = input({ shape: [...features] });
  const hidden = layers.dense({ name: 'hidden', units, activation: 'relu' }).apply(inputs) as SymbolicTensor;
  const head = (name: string, size: number): SymbolicTensor =>
    layers.dense({ name, units: size }).apply(hidden) as SymbolicTensor;
  return startFrom(model({ inputs, outputs: [head('kind', classes), head('box', coordinates)] }), seed);
}

/** Classes and values of one student, each with soft and hard targets. */
export const twoOutputs: GuardRecipe = {
  name: 'two-outputs',
  run: async (size, onStep) => {
    const [student, teacher] = [twoHeads(size.width, 1), twoHeads(2 * size.width, 2)];
    const { inputs, labels } = examplesOf(size, features);
    const box = { values: numbers(labels.length * coordinates, 3), shape: [labels.length, coordinates] };
    const recipe = defineRecipe({
      student: { model: student, convention },
      teacher: layersTeacher(teacher, { convention }),
      terms: [
        softTarget({ output: 'kind', temperature: 4, weight: 0.9 }),
        hardTarget({ output: 'kind', weight: 0.1 }),
        valueMatching({ output: 'box', loss: huberLoss }),
        valueTarget({ output: 'box', weight: 0.5 }),
        teacherBounded({ output: 'box', margin: 0.01 }),
      ],
    });
    await train(recipe, {
      ...wholeRun(size, onStep, { inputs, targets: { kind: labels, box } }),
      optimizer: () => adam({ learningRate: 1e-3 }),
    });
    teacher.dispose();
    return [student];
  },
};
