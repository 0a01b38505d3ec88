// The losses alone, in model.compile and model.fit: no recipe, no trainer.
import process from 'node:process';
import { loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import {
  forCompile,
  hardTargetLoss,
  packedDistillationLoss,
  packTargets,
  softTargetLoss,
} from '@kd/soft-target-loss';
import * as tf from '@tensorflow/tfjs-core';
import * as tfData from '@tensorflow/tfjs-data';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 2000);
const epochs = Number(process.env['EPOCHS'] ?? 5);

await selectBackend();
const digits = slice(await loadDigits('t10k'), 0, count);
const images = tf.tensor2d(digits.images, [count, pixels]);
const labels = tf.tensor1d(digits.labels, 'int32');

function perceptron(units: number): LayersModel {
  const kernelInitializer = initializers.heNormal({ seed: 1 });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], kernelInitializer }),
      layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
}
const optimizer = () => tf.train.adam(0.002);

/**
 * Batches of images and targets, for targets of another width than the model's output, which `fit` refuses.
 */
function batchesOf(targets: tf.Tensor): tfData.Dataset<tf.TensorContainer> {
  return tfData.generator(function* () {
    for (let start = 0; start < count; start += 64) {
      const rows = Math.min(64, count - start);
      yield { xs: tf.slice(images, [start, 0], [rows, pixels]), ys: tf.slice(targets, [start], [rows]) };
    }
  });
}
const show = (name: string, { history }: { history: Record<string, unknown[]> }) => {
  console.log(`${name}:`, ...(history['loss'] ?? []).map((loss) => Number(loss).toFixed(3)));
};

// A teacher on class ids.
const teacher = perceptron(256);
teacher.compile({ optimizer: optimizer(), loss: forCompile(hardTargetLoss, {}) });
await teacher.fitDataset(batchesOf(labels), { epochs });
const teacherLogits = teacher.predict(images) as tf.Tensor2D;

// A student on soft targets alone: the teacher's logits are the `ys`.
const softStudent = perceptron(16);
softStudent.compile({ optimizer: optimizer(), loss: forCompile(softTargetLoss, { temperature: 4 }) });
show('soft targets', await softStudent.fit(images, teacherLogits, { epochs, batchSize: 64 }));

// A student on soft and hard targets, packed into one tensor.
const student = perceptron(16);
student.compile({
  optimizer: optimizer(),
  loss: packedDistillationLoss({ temperature: 4, softWeight: 0.9 }),
});
const packed = packTargets(teacherLogits, labels);
show('soft and hard targets', await student.fitDataset(batchesOf(packed), { epochs }));
