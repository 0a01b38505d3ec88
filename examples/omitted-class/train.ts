// Distils a student on digits without a single 3. From the teacher's soft targets on the other digits it
// still learns to recognise a 3, but it predicts 3 too rarely, because none of its digits was one. Correcting
// one bias, by the teacher's probabilities, fixes that.
import process from 'node:process';
import { asData, loadDigits, pixels, select, slice } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { applyBiasOffsets, fitBiasOffsets } from '@kd/bias-correction';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 20_000);
const epochs = Number(process.env['EPOCHS'] ?? 5);
const omitted = 3;

// Load the digits. The teacher sees all classes, the student none of the omitted one.
const digits = await loadDigits('train');
const teaching = slice(digits, 0, count);
const others = Int32Array.from(teaching.labels.keys()).filter((row) => teaching.labels[row] !== omitted);
const transfer = select(teaching, others);
const unlabelled = slice(digits, 55_000, 57_000); // Corrects the bias; their labels are not looked at.
const test = await loadDigits('t10k');
await selectBackend();

// Create the models.
function perceptron(units: number): LayersModel {
  const kernel = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], ...kernel(1) }),
      layers.dense({ units: 10, ...kernel(2) }),
    ],
  });
}
const teacher = perceptron(400);
const student = perceptron(200);

// Train the teacher on labels, and the student on the teacher's soft targets alone.
const training = { epochs, batchSize: 128, optimizer: () => adam({ learningRate: 0.002 }) };
await train(defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: [hardTarget()] }), {
  ...training,
  data: asData(teaching),
});
const recipe = defineRecipe({
  student: { model: student, convention: 'logits' },
  teacher: cachedTeacher(layersTeacher(teacher, { convention: 'logits' })),
  terms: [softTarget({ temperature: 8 })],
});
await train(recipe, { ...training, data: asData(transfer) });

// Evaluate: errors on all test digits, and on those of the omitted class.
const logitsOf = (model: LayersModel, { images, size }: Digits): tf.Tensor =>
  tf.tidy(() => model.predict(tf.tensor(images, [size, pixels]), { batchSize: 1000 }) as tf.Tensor);
async function row(model: LayersModel) {
  const guesses = await tf.argMax(logitsOf(model, test), 1).data();
  const wrong = Array.from(test.labels).filter((label, index) => label !== guesses[index]);
  return {
    'test errors of 10,000': wrong.length,
    [`of them on ${String(omitted)}`]: wrong.filter((label) => label === omitted).length,
  };
}
const rows = { teacher: await row(teacher), student: await row(student) };

// Correct the one bias, so that the student finds as many of the omitted class as the teacher does.
const correction = await fitBiasOffsets(
  tf.softmax(logitsOf(teacher, unlabelled)),
  logitsOf(student, unlabelled),
  { classes: [omitted] },
);
applyBiasOffsets(student, correction);
console.table({ ...rows, 'student, corrected': await row(student) });
console.log(
  `The bias of the ${String(omitted)} was raised by ${(correction.offsets[omitted] ?? NaN).toFixed(2)}.`,
);
