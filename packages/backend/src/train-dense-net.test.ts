import { expectClose, useBackend } from '@kd/testing';
import { tensor2d, train } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { registerTrainingKernels } from './register-training-kernels.js';

/** Weights of a small dense net after ten steps, and the loss of each. */
async function trained(): Promise<{ weights: number[]; losses: number[] }> {
  const kernelInitializer = (seed: number) => initializers.glorotUniform({ seed });
  const model = sequential({
    layers: [
      layers.dense({
        inputShape: [70],
        units: 90,
        activation: 'relu',
        kernelInitializer: kernelInitializer(1),
      }),
      layers.dense({ units: 80, activation: 'relu', kernelInitializer: kernelInitializer(2) }),
      layers.dense({ units: 3, activation: 'softmax', kernelInitializer: kernelInitializer(3) }),
    ],
  });
  model.compile({ loss: 'categoricalCrossentropy', optimizer: train.sgd(0.1) });
  const x = tensor2d(
    Array.from({ length: 60 * 70 }, (_, index) => Math.sin(index * index)),
    [60, 70],
  );
  const y = tensor2d(Array.from({ length: 60 }, (_, row) => [0, 1, 2].map((id) => Number(row % 3 === id))));
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) losses.push(Number(await model.trainOnBatch(x, y)));
  const read = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return { weights: read.flatMap((values) => [...values]), losses };
}

it('trains a dense net on wasm to the weights of cpu', async () => {
  await useBackend('cpu');
  const cpu = await trained();
  await useBackend('wasm');
  registerTrainingKernels();
  const wasm = await trained();
  expectClose(wasm.weights, cpu.weights, { relative: 1e-3, absolute: 1e-5 });
  expect(wasm.losses.at(-1)).toBeLessThan(wasm.losses[0] ?? 0);
});
