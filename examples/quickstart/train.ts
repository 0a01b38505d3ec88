// Distils a large perceptron into one of a tenth of its size, on the handwritten digits of MNIST.
import process from 'node:process';
import { asData, loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { modelDirectory } from '@kd/files';
import { adam } from '@kd/optimizers';
import { defineRecipe, forInference } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainEvent } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 30_000);
const epochs = Number(process.env['EPOCHS'] ?? 6);

// Load the digits. The teacher learns from all of them, the students from a tenth; nobody learns from the
// test digits.
const digits = await loadDigits('train');
const teaching = asData(slice(digits, 0, count));
const transfer = asData(slice(digits, 0, count / 10));
const test = await loadDigits('t10k');

// Choose what computes: the fastest backend that is installed here.
const backend = await selectBackend();
console.log(`Training on ${backend.package}.`);

// Create the models. They output logits: the softmax is part of the losses.
function perceptron(units: number): LayersModel {
  const kernel = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], ...kernel(1) }),
      layers.dense({ units, activation: 'relu', ...kernel(2) }),
      layers.dense({ units: 10, ...kernel(3) }),
    ],
  });
}
const teacher = perceptron(400);
const alone = perceptron(64);
const student = perceptron(64); // Starts from the same weights as `alone`.

// Train the teacher on the labels.
const progress = (name: string) => (event: TrainEvent) => {
  if (event.type !== 'epoch') return;
  console.log(`${name}, epoch ${String(event.epoch + 1)}: loss ${event.total.toFixed(3)}`);
};
const labels = [hardTarget()];
await train(defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: labels }), {
  data: teaching,
  epochs,
  batchSize: 128,
  optimizer: () => adam({ learningRate: 0.001 }),
  onEvent: progress('teacher'),
});

// Train the student without the teacher, then one with it: soft targets at temperature 4, and labels.
const training = {
  data: transfer,
  epochs: 3 * epochs,
  batchSize: 64,
  optimizer: () => adam({ learningRate: 0.002 }),
};
await train(defineRecipe({ student: { model: alone, convention: 'logits' }, terms: labels }), training);
const recipe = defineRecipe({
  student: { model: student, convention: 'logits' },
  teacher: cachedTeacher(layersTeacher(teacher, { convention: 'logits' })), // Asked once for each digit.
  terms: [softTarget({ temperature: 4, weight: 0.7 }), hardTarget({ weight: 0.3 })],
});
await train(recipe, { ...training, onEvent: progress('student') });

// Evaluate all three on the test digits.
async function testErrors(model: LayersModel): Promise<number> {
  const wrong = tf.tidy(() => {
    const logits = model.predict(tf.tensor(test.images, [test.size, pixels]), { batchSize: 1000 });
    return tf.sum(tf.notEqual(tf.argMax(logits as tf.Tensor, 1), tf.tensor1d(test.labels, 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  return errors;
}
const row = async (model: LayersModel) => ({
  'test errors of 10,000': await testErrors(model),
  parameters: model.countParams(),
});
console.table({
  teacher: await row(teacher),
  'student alone': await row(alone),
  'student distilled': await row(student),
});

// Save the student as a plain tfjs model that outputs probabilities.
const folder = process.env['OUT'] ?? 'runs/quickstart';
await forInference({ model: student, convention: 'logits' }).save(modelDirectory(folder));
console.log(`The student is in ${folder}.`);
