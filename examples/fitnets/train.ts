// FitNets (Romero et al. 2015): a student that is deeper and thinner than its teacher first learns a hint,
// the output of a layer in the middle of the teacher, then soft targets and labels. For comparison, the same
// student trains without the hint, and without a teacher.
import process from 'node:process';
import { asData, loadDigits, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { EpochRecord } from '@kd/trainer';
import { trainInTwoStages } from '@kd/two-stage-trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 10_000);
const epochs = Number(process.env['EPOCHS'] ?? 3);

// Load the digits, as maps of one channel. The students learn from a tenth of those of the teacher.
const digits = await loadDigits('train');
const map = [28, 28, 1];
const teaching = asData(slice(digits, 0, count), map);
const transfer = asData(slice(digits, 0, count / 10), map);
const validation = { data: asData(slice(digits, 50_000, 51_000), map) };
await selectBackend();

// Create the models. `filters` has one number for each convolution; every `pool`-th ends in a pooling.
function convnet(filters: readonly number[], pool: number): LayersModel {
  const model = sequential({ layers: [layers.inputLayer({ inputShape: map })] });
  filters.forEach((units, index) => {
    const kernelInitializer = initializers.heNormal({ seed: index + 1 });
    const name = `conv_${String(index + 1)}`;
    const options = { filters: units, kernelSize: 3, padding: 'same', activation: 'relu' } as const;
    model.add(layers.conv2d({ ...options, kernelInitializer, name }));
    if ((index + 1) % pool === 0) model.add(layers.maxPooling2d({ poolSize: 2 }));
  });
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: 9 }) }));
  return model;
}
const wide = convnet([16, 32, 32], 1);
const thin = (): LayersModel => convnet([4, 4, 8, 8, 8, 8], 2);

// Train the teacher, and a student, on the labels alone.
const optimizer = () => adam({ learningRate: 0.003 });
const shared = { batchSize: 32, validation, optimizer };
const labels = (model: LayersModel) =>
  defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
const taught = await train(labels(wide), { ...shared, data: teaching, epochs });
const backprop = await train(labels(thin()), { ...shared, data: transfer, epochs: 3 * epochs });

// Distil, without and with a hint. The hint is the teacher's second map; the student learns it in its fourth
// layer, through a convolution that gives its 8 channels the teacher's 32 and is dropped afterwards.
const teacher = cachedTeacher(layersTeacher(wide, { convention: 'logits' }));
const distilled = await trainInTwoStages(
  { teacher, student: { model: thin(), convention: 'logits' } },
  { data: transfer, validation, batchSize: 32, distillation: { epochs: 3 * epochs, optimizer } },
);
const fitnet = await trainInTwoStages(
  { teacher, student: { model: thin(), convention: 'logits' }, hint: 'conv_2', guided: 'conv_4' },
  {
    data: transfer,
    validation,
    batchSize: 32,
    hints: { epochs, optimizer },
    distillation: { epochs: 2 * epochs, optimizer },
  },
);

// Count the errors among the test digits, and draw the validation error of each epoch: one step is 2 %.
const test = await loadDigits('t10k');
async function testErrors(model: LayersModel): Promise<number> {
  const wrong = tf.tidy(() => {
    const logits = model.predict(tf.tensor(test.images, [test.size, ...map]), { batchSize: 500 });
    return tf.sum(tf.notEqual(tf.argMax(logits as tf.Tensor, 1), tf.tensor1d(test.labels, 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  return errors;
}
const curve = (history: readonly EpochRecord[] = []): string =>
  history
    .map(({ validation: measured }) => 100 * (1 - (measured?.['accuracy'] ?? NaN)))
    .map((error) => '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor(error / 2))])
    .join('');
const row = async (model: LayersModel, history?: readonly EpochRecord[]) => ({
  'test errors of 10,000': await testErrors(model),
  parameters: model.countParams(),
  'error by epoch': curve(history),
});
console.table({
  teacher: await row(wide, taught.history),
  backprop: await row(backprop.student.model, backprop.history),
  'soft targets': await row(distilled.student.model, distilled.stages[0]?.history),
  'hint, then soft targets': await row(fitnet.student.model, fitnet.stages[1]?.history),
});
