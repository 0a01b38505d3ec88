// Distils a classifier that was trained in scikit-learn and exported to ONNX into a tfjs student.
// python/train_teacher.py made the file.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { asData, loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher } from '@kd/teacher';
import { onnxTeacher } from '@kd/teacher/onnx';
import { train } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';

const count = Number(process.env['DIGITS'] ?? 2000);
const epochs = Number(process.env['EPOCHS'] ?? 60);
const file = process.env['TEACHER'] ?? fileURLToPath(new URL('teacher.onnx', import.meta.url));

// Load the digits: pixels from 0 to 1, as the teacher was trained.
const data = asData(slice(await loadDigits('train'), 0, count));
const test = await loadDigits('t10k');
await selectBackend();

// Open the teacher. Its only output is the logits; the export omits the softmax.
const teacher = await onnxTeacher(ort, file, { convention: 'logits' });

// Train the same student without it and with it. onnxruntime is asked once for each digit, whatever the
// number of epochs.
function perceptron(units: number): LayersModel {
  const kernel = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], ...kernel(1) }),
      layers.dense({ units: 10, ...kernel(2) }),
    ],
  });
}
const training = { data, epochs, batchSize: 64, optimizer: () => adam({ learningRate: 0.004 }) };
const alone = perceptron(32);
await train(
  defineRecipe({ student: { model: alone, convention: 'logits' }, terms: [hardTarget()] }),
  training,
);
const student = perceptron(32);
const recipe = defineRecipe({
  student: { model: student, convention: 'logits' },
  teacher: cachedTeacher(teacher),
  terms: [softTarget({ temperature: 4, weight: 0.7 }), hardTarget({ weight: 0.3 })],
});
await train(recipe, training);

// Evaluate all three on the test digits.
const images = tf.tensor(test.images, [test.size, pixels]);
async function row(logits: tf.Tensor) {
  const wrong = tf.notEqual(tf.argMax(logits, 1), tf.tensor1d(test.labels, 'int32'));
  const [errors = NaN] = await tf.sum(wrong).data();
  return { 'test errors of 10,000': errors };
}
const logitsOf = (model: LayersModel) => model.predict(images, { batchSize: 1000 }) as tf.Tensor;
const { members } = await teacher.predict({ inputs: { images } }, { outputs: ['output'], taps: [] });
const [ofTeacher] = await Promise.all(members.map(({ outputs }) => row(outputs['output'] as tf.Tensor)));
console.table({
  'teacher, from ONNX': ofTeacher,
  'student alone': await row(logitsOf(alone)),
  'student distilled': await row(logitsOf(student)),
});
teacher.dispose?.();
