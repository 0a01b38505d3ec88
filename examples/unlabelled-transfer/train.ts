// Few digits have labels, many have none. A teacher, trained elsewhere on all labels, gives soft targets for
// the others.
import process from 'node:process';
import { asData, loadDigits, pixels, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import type { Term } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const count = Number(process.env['DIGITS'] ?? 20_000);
const epochs = Number(process.env['EPOCHS'] ?? 5);
const labelled = count / 40;

// Load the digits. `few` are those with labels. In `partly` all are, and `labelled` says which labels count:
// the hard loss leaves the other examples out, the soft loss takes all. Their labels are overwritten by -1,
// so that nothing can learn from them by mistake.
const digits = slice(await loadDigits('train'), 0, count);
const all = asData(digits);
const few = asData(slice(digits, 0, labelled));
const partly = {
  ...all,
  labels: digits.labels.map((label, row) => (row < labelled ? label : -1)),
  labelled: Float32Array.from({ length: count }, (_, row) => (row < labelled ? 1 : 0)),
};
const test = await loadDigits('t10k');
await selectBackend();

// Create and train the teacher, on the labels of all digits.
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
const shared = { batchSize: 64, optimizer: () => adam({ learningRate: 0.002 }) };
await train(defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] }), {
  ...shared,
  data: all,
  epochs,
});
const teacher = cachedTeacher(layersTeacher(model, { convention: 'logits' }));

// Train the same student on three kinds of data. Where there are few digits it sees them more often.
async function studentOf(
  terms: readonly Term[],
  data: TrainOptions['data'],
  passes: number,
): Promise<LayersModel> {
  const student = { model: perceptron(100), convention: 'logits' } as const;
  await train(defineRecipe({ student, teacher, terms }), { ...shared, data, epochs: passes });
  return student.model;
}
const soft = softTarget({ temperature: 4, weight: 0.9 });
const hard = hardTarget({ weight: 0.1 });
const byLabels = await studentOf([hardTarget()], few, 10 * epochs);
const bySoftTargets = await studentOf([soft, hard], few, 10 * epochs);
const withUnlabelled = await studentOf([soft, hard], partly, epochs);

// Evaluate all of them on the test digits.
async function testErrors(trained: LayersModel): Promise<number> {
  const wrong = tf.tidy(() => {
    const logits = trained.predict(tf.tensor(test.images, [test.size, pixels]), { batchSize: 1000 });
    return tf.sum(tf.notEqual(tf.argMax(logits as tf.Tensor, 1), tf.tensor1d(test.labels, 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  return errors;
}
const row = async (trained: LayersModel, seen: number, labels: number) => ({
  digits: seen,
  labels,
  'test errors of 10,000': await testErrors(trained),
});
console.table({
  teacher: await row(model, count, count),
  'student by labels': await row(byLabels, labelled, labelled),
  'student by soft targets and labels': await row(bySoftTargets, labelled, labelled),
  'the same and digits without labels': await row(withUnlabelled, count, labelled),
});
