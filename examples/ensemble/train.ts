// Distils five nets into one that is smaller than each of them, by the mean of their softened probabilities.
import process from 'node:process';
import { asData, loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import type { Teacher } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { arithmeticMean, hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, ensembleTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 4000);
const epochs = Number(process.env['EPOCHS'] ?? 10);

// Load the digits. All models learn from the same ones, so the ensemble's only advantage is that it has five
// members.
const data = asData(slice(await loadDigits('train'), 0, count));
const test = await loadDigits('t10k');
await selectBackend();

// Create and train the members. They differ in their first weights and in the order of the digits.
function perceptron(units: number, seed: number, dropout = 0): LayersModel {
  const kernel = (layer: number) => ({
    kernelInitializer: initializers.heNormal({ seed: 10 * seed + layer }),
  });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], ...kernel(1) }),
      layers.dropout({ rate: dropout }),
      layers.dense({ units, activation: 'relu', ...kernel(2) }),
      layers.dropout({ rate: dropout }),
      layers.dense({ units: 10, ...kernel(3) }),
    ],
  });
}
const training = { data, epochs, batchSize: 128, optimizer: () => adam({ learningRate: 0.004 }) };
const members: LayersModel[] = [];
for (const seed of [1, 2, 3, 4, 5]) {
  const model = perceptron(200, seed, 0.4);
  const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
  await train(recipe, { ...training, seed });
  members.push(model);
}

// Distil. The members stay apart until the soft term has softened each at its temperature; then it takes
// their mean.
const teachers = members.map((model) => layersTeacher(model, { convention: 'logits' }));
const named = Object.fromEntries(teachers.map((teacher, index) => [`member ${String(index + 1)}`, teacher]));
async function studentOf(teacher?: Teacher): Promise<LayersModel> {
  const student = { model: perceptron(32, 9), convention: 'logits' } as const;
  const soft = softTarget({ temperature: 4, weight: 0.7, mix: arithmeticMean });
  const recipe =
    teacher === undefined
      ? defineRecipe({ student, terms: [hardTarget()] })
      : defineRecipe({
          student,
          teacher: cachedTeacher(teacher),
          terms: [soft, hardTarget({ weight: 0.3 })],
        });
  await train(recipe, { ...training, epochs: 4 * epochs });
  return student.model;
}
const alone = await studentOf();
const ofOne = await studentOf(teachers[0]);
const ofAll = await studentOf(ensembleTeacher(named));

// Evaluate all of them on the test digits, and the ensemble by the mean of its members' probabilities.
const probabilities = (model: LayersModel): tf.Tensor =>
  tf.softmax(model.predict(tf.tensor(test.images, [test.size, pixels]), { batchSize: 1000 }) as tf.Tensor);
async function testErrors(models: readonly LayersModel[]): Promise<number> {
  const wrong = tf.tidy(() => {
    const guesses = tf.argMax(tf.addN(models.map(probabilities)), 1);
    return tf.sum(tf.notEqual(guesses, tf.tensor1d(test.labels, 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  return errors;
}
const row = async (...models: LayersModel[]) => ({
  'test errors of 10,000': await testErrors(models),
  parameters: models.reduce((sum, model) => sum + model.countParams(), 0),
});
console.table({
  'one member': await row(members[0] as LayersModel),
  ensemble: await row(...members),
  'student alone': await row(alone),
  'student of one member': await row(ofOne),
  'student of the ensemble': await row(ofAll),
});
