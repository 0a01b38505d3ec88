// A loss with its gradient, as composed by tfjs and as the one kernel of registerTrainingKernels, in
// alternating rounds: node --conditions=@kd/source --import tsx packages/soft-target-loss/bench/one-kernel.ts
// [tensorflow|wasm]
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { BackendName } from '@kd/backend/node';
import { distillationLoss, hardTargetLoss, softTargetLoss } from '@kd/soft-target-loss';
import * as tf from '@tensorflow/tfjs-core';

const rounds = 100;
const [rows, classes] = [128, 10];
const { name: backend } = await selectBackend({ require: (process.argv[2] ?? 'tensorflow') as BackendName });
const kernels = tf.getKernelsForBackend(backend).filter(({ kernelName }) => /(Target|Distillation)Loss$/.test(kernelName)); // prettier-ignore

const logits = tf.randomNormal([rows, classes]);
const teacherLogits = tf.randomNormal([rows, classes]);
const labels = tf.tidy(() => tf.cast(tf.floor(tf.randomUniform([rows], 0, classes)), 'int32'));
const targets = { teacherLogits, labels };
const losses: Record<string, (z: tf.Tensor) => tf.Tensor> = {
  softTargetLoss: (z) => softTargetLoss(teacherLogits, z, { temperature: 4 }),
  hardTargetLoss: (z) => hardTargetLoss(labels, z),
  distillationLoss: (z) => distillationLoss(targets, z, { temperature: 4, softWeight: 0.9 }),
};

/** Milliseconds of a loss and its gradient. */
async function time(loss: (z: tf.Tensor) => tf.Tensor): Promise<number> {
  const start = performance.now();
  const gradient = tf.grad(loss)(logits);
  await gradient.data();
  gradient.dispose();
  return performance.now() - start;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

console.log(`Logits of ${String(rows)} x ${String(classes)} on ${backend}: ms composed, ms as one kernel`);
for (const [name, loss] of Object.entries(losses)) {
  const times: [number[], number[]] = [[], []];
  for (let round = -20; round < rounds; round++) {
    for (const { kernelName, backendName } of kernels) tf.unregisterKernel(kernelName, backendName);
    const composed = await time(loss);
    kernels.forEach(tf.registerKernel);
    const fused = await time(loss);
    if (round < 0) continue;
    times[0].push(composed);
    times[1].push(fused);
  }
  console.log(`${name.padEnd(18)} ${times.map((all) => median(all).toFixed(2).padStart(8)).join('')}`);
}
