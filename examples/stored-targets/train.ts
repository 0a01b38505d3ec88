// Asks a teacher once, stores what it says in Parquet files, and trains several students from the files.
import { readFile, rm } from 'node:fs/promises';
import process from 'node:process';
import { asData, loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import type { Teacher } from '@kd/core';
import { modelDirectory } from '@kd/files';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { spreadEvenly } from '@kd/stored-soft-targets';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 20_000);
const epochs = Number(process.env['EPOCHS'] ?? 5);
const folder = process.env['OUT'] ?? 'runs/stored-targets';

// Load the digits. Each has an id, under which its soft targets are stored.
const digits = await loadDigits('train');
const teaching = asData(slice(digits, 0, count));
const transfer = asData(slice(digits, 0, count / 10));
const test = await loadDigits('t10k');
await selectBackend();

// Train a teacher and save it, for the processes of extract.ts.
function perceptron(units: number): LayersModel {
  const kernel = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], ...kernel(1) }),
      layers.dense({ units: 10, ...kernel(2) }),
    ],
  });
}
const model = perceptron(400);
await train(defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] }), {
  data: teaching,
  epochs,
  batchSize: 128,
  optimizer: () => adam({ learningRate: 0.001 }),
});
await model.save(modelDirectory(`${folder}/teacher`));
const teacher = layersTeacher(model, { convention: 'logits' });

// Store its soft targets: all ten logits of each digit, then the three largest as half-precision numbers.
await rm(`${folder}/targets`, { recursive: true, force: true });
const all = `${folder}/targets/all`;
const largest = `${folder}/targets/largest`;
await storeSoftTargets({ teacher, data: transfer, out: all });
await storeSoftTargets({ teacher, data: transfer, out: largest, topK: 3, dtype: 'float16' });

// Train the same student from the labels, the teacher itself, and both sets.
async function trainedBy(source: Teacher | undefined): Promise<LayersModel> {
  const student = { model: perceptron(64), convention: 'logits' } as const;
  const recipe =
    source === undefined
      ? defineRecipe({ student, terms: [hardTarget()] })
      : defineRecipe({ student, teacher: source, terms: [softTarget({ temperature: 4 })] });
  const optimizer = () => adam({ learningRate: 0.002 });
  await train(recipe, { data: transfer, epochs: 3 * epochs, batchSize: 64, optimizer });
  return student.model;
}

// Evaluate them on the test digits.
async function testErrors(trained: LayersModel): Promise<number> {
  const wrong = tf.tidy(() => {
    const logits = trained.predict(tf.tensor(test.images, [test.size, pixels]), { batchSize: 1000 });
    return tf.sum(tf.notEqual(tf.argMax(logits as tf.Tensor, 1), tf.tensor1d(test.labels, 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  return errors;
}
async function bytesPerDigit(directory: string): Promise<number> {
  const manifest = JSON.parse(await readFile(`${directory}/manifest.json`, 'utf8')) as {
    readonly count: number;
    readonly files: readonly { readonly bytes: number }[];
  };
  return manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / manifest.count;
}
const row = async (source: Teacher | undefined, directory?: string) => ({
  'test errors of 10,000': await testErrors(await trainedBy(source)),
  ...(directory === undefined ? {} : { 'bytes per digit': Math.round(await bytesPerDigit(directory)) }),
});
console.table({
  'labels alone': await row(undefined),
  'the teacher itself': await row(teacher),
  'ten logits': await row(await storedTeacher(all), all),
  'three logits, rest spread': await row(await storedTeacher(largest, { remaining: spreadEvenly }), largest),
});
