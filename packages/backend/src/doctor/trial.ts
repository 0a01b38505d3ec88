// A separate process that starts one backend, trains on it for a second, and sends the result to its parent.
import process from 'node:process';
import { dispose, randomUniform, train } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { KdError } from '@kd/core';
import type { BackendName } from '../select-backend/backend-name.js';
import { selectBackend } from '../select-backend/select-backend.js';

/** The result of a trial: the device and the training speed, or why the backend does not train. */
export type TrialOutcome =
  | { readonly package: string; readonly device: string; readonly stepsPerSecond: number }
  | { readonly reason: string };

const second = 1000;

async function trial(name: BackendName): Promise<TrialOutcome> {
  const { package: from, device } = await selectBackend({ require: name });
  const model = convnet();
  const x = randomUniform([32, 16, 16, 1]);
  const y = randomUniform([32, 10]);
  // The first step includes compilation.
  const first = await lossOf(model, x, y);
  const start = performance.now();
  let steps = 0;
  let last = first;
  for (; performance.now() - start < second || steps < 2; steps++) last = await lossOf(model, x, y);
  const stepsPerSecond = (steps * second) / (performance.now() - start);
  dispose([x, y]);
  if (!(last < first))
    return { reason: `it does not train: the loss went from ${String(first)} to ${String(last)}` };
  return { package: from, device, stepsPerSecond };
}

function convnet(): LayersModel {
  const model = sequential({
    layers: [
      layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [16, 16, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10 }),
    ],
  });
  model.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' });
  return model;
}

async function lossOf(model: LayersModel, x: Tensor, y: Tensor): Promise<number> {
  return Number(await model.trainOnBatch(x, y));
}

const reasonOf = (error: unknown): TrialOutcome => ({
  reason: KdError.isInstance(error) ? error.received : String(error),
});
const outcome = await trial(process.argv[2] as BackendName).catch(reasonOf);
process.send?.(outcome, undefined, undefined, () => {
  process.disconnect();
});
