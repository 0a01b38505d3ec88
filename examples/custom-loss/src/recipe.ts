// A loss of one's own beside the packaged ones, its weight on a schedule.
import { pixels } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { defineRecipe } from '@kd/recipe';
import { linear } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import type { InMemoryData } from '@kd/data';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { correlation } from './correlation.js';
import { perceptron, someDigits } from './digits.js';

await selectBackend();
const digits = await someDigits();
const asData = ({ images, labels, size }: Digits): InMemoryData => ({
  inputs: { values: images, shape: [size, pixels] },
  labels,
});
const options: TrainOptions = {
  data: asData(digits.train),
  validation: { data: asData(digits.validation) },
  epochs: 8,
  batchSize: 64,
  optimizer: () => optimizers.adam(0.002),
};

const teacherModel = perceptron(256);
await train(
  defineRecipe({ student: { model: teacherModel, convention: 'logits' }, terms: [hardTarget()] }),
  options,
);

const recipe = defineRecipe({
  student: { model: perceptron(16), convention: 'logits' },
  teacher: layersTeacher(teacherModel, { convention: 'logits' }),
  terms: [
    softTarget({ temperature: 4, weight: 0.5 }),
    hardTarget({ weight: 0.1 }),
    correlation({ weight: linear({ from: 2, to: 0, epochs: 8 }) }),
  ],
});
const { history } = await train(recipe, options);
for (const { epoch, losses, validation } of history) {
  const terms = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(3)}`);
  console.log(
    `epoch ${String(epoch + 1)}: ${terms.join(', ')}, accuracy ${validation?.['accuracy']?.toFixed(3) ?? ''}`,
  );
}
