// What it saves to read the numbers of a step on a GPU while the next one runs:
// node --conditions=@kd/source --import tsx packages/trainer/bench/late-steps.ts [webgpu|wasm|tensorflow|cpu]
// A training with a callback reads them at once, and takes the same steps.
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { BackendName } from '@kd/backend/node';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { env } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { train } from '../src/index.js';

const [argument = 'webgpu'] = process.argv.slice(2);
const [pairs, steps, batchSize, features, classes] = [9, 60, 64, 64, 10];
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Milliseconds of a step. */
async function timeOf(units: number, isLate: boolean): Promise<number> {
  const model = sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [features] }),
      layers.dense({ units, activation: 'relu' }),
      layers.dense({ units: classes }),
    ],
  });
  const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
  const examples = batchSize * steps;
  const data = {
    inputs: { values: new Float32Array(examples * features).fill(0.5), shape: [examples, features] },
    labels: Int32Array.from({ length: examples }, (_, row) => row % classes),
  };
  const times: number[] = [];
  await train(recipe, {
    data,
    batchSize,
    epochs: 2,
    optimizer: () => adam({ learningRate: 1e-3 }),
    callbacks: isLate ? [] : [{ onBatchEnd: () => undefined }],
    onEvent: (event) => {
      if (event.type === 'epoch') times.push((1000 * event.seconds) / steps);
    },
  });
  model.dispose();
  // The first epoch warms up.
  return times.at(-1) ?? NaN;
}

const { device } = await selectBackend({ require: argument as BackendName });
// Otherwise WebGPU computes small tensors on the processor.
if (argument === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
console.log(`${argument}, ${device}; milliseconds of a step, batch ${String(batchSize)}`);
for (const units of [16, 256]) {
  const [atOnce, late]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    atOnce.push(await timeOf(units, false));
    late.push(await timeOf(units, true));
  }
  const ratios = atOnce.map((time, pair) => time / (late[pair] ?? NaN)).toSorted((a, b) => a - b);
  console.log(
    `${String(units)} units: at once ${median(atOnce).toFixed(2)}, late ${median(late).toFixed(2)}, ` +
      `ratio ${median(ratios).toFixed(2)} (${ratios[0]?.toFixed(2) ?? ''} to ${ratios.at(-1)?.toFixed(2) ?? ''})`,
  );
}
process.exit(0);
