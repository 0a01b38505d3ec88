// Distils a student on few digits: once on the digits in place, once shifted by up to two pixels, differently
// in each epoch. The teacher answers for each digit as the student sees it.
import process from 'node:process';
import { asData, loadDigits, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import type { Term } from '@kd/core';
import { augmentedStream, randomShift } from '@kd/data';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 10_000);
const epochs = Number(process.env['EPOCHS'] ?? 4);
const seed = Number(process.env['SEED'] ?? 1);

// Load the digits as images of one channel, which is what augmentations take. The teacher learns from all of
// them, the students from a tenth.
const shape = [28, 28, 1];
const digits = await loadDigits('train');
const teaching = asData(slice(digits, 0, count), shape);
const transfer = asData(slice(digits, 0, count / 10), shape);
const test = await loadDigits('t10k');
await selectBackend();

// Create and train the teacher, on labels and without augmentation.
function perceptron(units: number): LayersModel {
  const kernel = (layer: number) => ({
    kernelInitializer: initializers.heNormal({ seed: 10 * seed + layer }),
  });
  return sequential({
    layers: [
      layers.flatten({ inputShape: shape }),
      layers.dense({ units, activation: 'relu', ...kernel(1) }),
      layers.dense({ units, activation: 'relu', ...kernel(2) }),
      layers.dense({ units: 10, ...kernel(3) }),
    ],
  });
}
const teacher = perceptron(200);
const labels = [hardTarget()];
const optimizer = () => adam({ learningRate: 0.002 });
await train(defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: labels }), {
  data: teaching,
  batchSize: 128,
  epochs,
  seed,
  optimizer,
});

// Evaluate on the test digits, all in place.
async function testErrors(model: LayersModel): Promise<number> {
  const wrong = tf.tidy(() => {
    const logits = model.predict(tf.tensor(test.images, [test.size, ...shape]), { batchSize: 1000 });
    return tf.sum(tf.notEqual(tf.argMax(logits as tf.Tensor, 1), tf.tensor1d(test.labels, 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  return errors;
}

// Train a student from the same initial weights on digits in place and on shifted ones. The teacher has no
// cache: a shifted digit is another input with the same id, which `cachedTeacher` refuses.
const shifts = [randomShift({ height: 2, width: 2 })];
async function errorsOf(terms: readonly Term[]): Promise<Record<string, number>> {
  const errors: Record<string, number> = {};
  for (const [name, augmentations] of Object.entries({ 'in place': [], shifted: shifts })) {
    const model = perceptron(64);
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms,
    });
    const data = augmentedStream(transfer, { batchSize: 64, augmentations });
    await train(recipe, { data, epochs: 6 * epochs, seed, optimizer });
    errors[name] = await testErrors(model);
  }
  return errors;
}
console.log(`The teacher makes ${String(await testErrors(teacher))} errors on 10,000 test digits.`);
console.table({
  'student alone': await errorsOf(labels),
  'student distilled': await errorsOf([
    softTarget({ temperature: 4, weight: 0.7 }),
    hardTarget({ weight: 0.3 }),
  ]),
});
