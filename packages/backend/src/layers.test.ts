import { setBackend } from '@tensorflow/tfjs-core';
import { expectClose, layerCases, layersWithoutCase, startLayerCase, useBackend } from '@kd/testing';
import type { LayerCase } from '@kd/testing';
import { layers } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { registerTrainingKernels } from './register-training-kernels.js';

beforeAll(() => {
  registerTrainingKernels();
});

/** The losses of three steps, and all weights after them. */
async function trained(layerCase: LayerCase, batch: number) {
  const training = startLayerCase(layerCase, batch);
  const losses = [await training.step(), await training.step(), await training.step()];
  const weights = await training.weights();
  training.dispose();
  return { losses, weights };
}

it('has a case for every layer of tfjs', () => {
  const known = [...layerCases.flatMap(({ covers }) => covers), ...Object.keys(layersWithoutCase)];
  expect(Object.keys(layers).filter((name) => !known.includes(name as never))).toEqual([]);
});

// The gradient of nearest-neighbour resizing by stock cpu is wrong for more than one image.
const batches = ({ name }: LayerCase): number[] => (name === 'upSampling2d' ? [1] : [1, 3]);

it.each(
  layerCases.flatMap((layerCase) =>
    batches(layerCase).map((batch) => ({ name: layerCase.name, batch, layerCase })),
  ),
)('trains $name on wasm as on cpu, batch $batch', async ({ layerCase, batch }) => {
  await setBackend('cpu');
  const cpu = await trained(layerCase, batch);
  await useBackend('wasm');
  const wasm = await trained(layerCase, batch);
  expectClose(wasm.losses, cpu.losses, { relative: 1e-4, absolute: 1e-6 });
  expectClose(wasm.weights, cpu.weights, { relative: 1e-4, absolute: 1e-5 });
  expect(cpu.losses[2]).not.toBe(cpu.losses[0]);
});
