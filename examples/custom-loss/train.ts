// A custom loss together with the packaged ones; its weight follows a schedule.
import process from 'node:process';
import { asData, loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { defineTerm } from '@kd/core';
import type { Schedule, Term } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { linear } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 2000);
const epochs = Number(process.env['EPOCHS'] ?? 8);

// The loss: `1 - r` with Pearson's correlation r between the logits of student and teacher, one value for
// each example. The student has to rank the classes as the teacher does, at any scale. A package that
// publishes a method exports a function such as this one.
function correlation({ weight }: { readonly weight: number | Schedule }): Term {
  return defineTerm({
    name: 'correlation',
    weight,
    reads: { student: { logits: { as: 'logits' } }, teacher: { logits: { as: 'logits' } } },
    loss: ({ student, teacher }) => {
      const r = tf.mean(tf.mul(standardized(student.logits), standardized(teacher.logits)), -1);
      return { values: tf.sub(1, r) };
    },
  });
}
function standardized(logits: tf.Tensor): tf.Tensor {
  const centred = tf.sub(logits, tf.mean(logits, -1, true));
  // The small number keeps a row of equal logits, whose spread is zero, finite.
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-6)));
}

// Load the digits.
const digits = await loadDigits('t10k');
const options = {
  data: asData(slice(digits, 0, count)),
  validation: { data: asData(slice(digits, 8000, 10_000)) },
  epochs,
  batchSize: 64,
  optimizer: () => adam({ learningRate: 0.002 }),
};
await selectBackend();

// Create and train the teacher.
function perceptron(units: number): LayersModel {
  const kernelInitializer = initializers.heNormal({ seed: 1 });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], kernelInitializer }),
      layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
}
const teacher = perceptron(256);
await train(
  defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: [hardTarget()] }),
  options,
);

// Distil with three losses. The weight of the custom one falls from 2 to 0 during the training.
const recipe = defineRecipe({
  student: { model: perceptron(16), convention: 'logits' },
  teacher: layersTeacher(teacher, { convention: 'logits' }),
  terms: [
    softTarget({ temperature: 4, weight: 0.5 }),
    hardTarget({ weight: 0.1 }),
    correlation({ weight: linear({ from: 2, to: 0, epochs }) }),
  ],
});
const { history } = await train(recipe, options);

// Show each loss, and the accuracy on other digits, by epoch.
const rounded = (value = NaN): number => Number(value.toFixed(3));
console.table(
  history.map(({ losses, validation }) => ({
    soft: rounded(losses['soft']),
    hard: rounded(losses['hard']),
    correlation: rounded(losses['correlation']),
    accuracy: rounded(validation?.['accuracy']),
  })),
);
