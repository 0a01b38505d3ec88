// The losses alone, in model.compile and model.fit: no recipe, no trainer.
import { pixels } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import {
  forCompile,
  hardTargetLoss,
  packedDistillationLoss,
  packTargets,
  softTargetLoss,
} from '@kd/soft-target-loss';
import { slice, tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, TensorContainer } from '@tensorflow/tfjs-core';
import * as tfData from '@tensorflow/tfjs-data';
import { perceptron, someDigits } from './digits.js';

await selectBackend();
const { train } = await someDigits();
const images = tensor2d(train.images, [train.size, pixels]);
const labels = tensor1d(train.labels, 'int32');
const epochs = 5;

/** Batches of images and targets, for targets of another width than the model's output, which `fit` refuses. */
function batchesOf(targets: Tensor): tfData.Dataset<TensorContainer> {
  return tfData.generator(function* () {
    for (let start = 0; start < train.size; start += 64) {
      const rows = Math.min(64, train.size - start);
      yield { xs: sliceRows(images, start, rows), ys: sliceRows(targets, start, rows) };
    }
  });
}

function sliceRows(tensor: Tensor, start: number, rows: number): Tensor {
  return slice(tensor, [start], [rows]);
}

// A teacher on class ids.
const teacher = perceptron(256);
teacher.compile({ optimizer: optimizers.adam(0.002), loss: forCompile(hardTargetLoss, {}) });
await teacher.fitDataset(batchesOf(labels), { epochs });
const teacherLogits = teacher.predict(images) as Tensor2D;

// A student on soft targets alone: the teacher's logits are the `ys`.
const softStudent = perceptron(16);
softStudent.compile({
  optimizer: optimizers.adam(0.002),
  loss: forCompile(softTargetLoss, { temperature: 4 }),
});
const soft = await softStudent.fit(images, teacherLogits, { epochs, batchSize: 64 });
console.log('soft targets:', ...(soft.history['loss'] ?? []).map((loss) => Number(loss).toFixed(3)));

// A student on soft and hard targets, packed into one tensor.
const student = perceptron(16);
const loss = packedDistillationLoss({ temperature: 4, softWeight: 0.9 });
student.compile({ optimizer: optimizers.adam(0.002), loss });
const both = await student.fitDataset(batchesOf(packTargets(teacherLogits, labels)), { epochs });
console.log('soft and hard targets:', ...(both.history['loss'] ?? []).map((each) => Number(each).toFixed(3)));
