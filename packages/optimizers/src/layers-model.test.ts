// The optimizers in model.compile of tfjs-layers.
import { backends, expectKdError, useBackend } from '@kd/testing';
import { clone, io, norm, tensor2d } from '@tensorflow/tfjs-core';
import { initializers, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, Sequential } from '@tensorflow/tfjs-layers';
import { cosine } from '@kd/schedule';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyOptimizer } from '../test/every-optimizer.js';
import type { AnyOptimizer } from '../test/every-optimizer.js';
import { bitsOf } from '../test/steps.js';
import { adam, adamW } from './index.js';

await useBackend('cpu');

const inputs = tensor2d(
  Array.from({ length: 32 }, (_, index) => [Math.sin(index ** 2), Math.cos(3 * index)]),
);
const targets = tensor2d(
  Array.from(inputs.dataSync()).flatMap((x, i, all) => (i % 2 === 0 ? [[x - 2 * (all[i + 1] ?? 0)]] : [])),
);
const fitting = { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 } as const;

function net(): Sequential {
  const kernelInitializer = initializers.glorotUniform({ seed: 1 });
  return sequential({
    layers: [
      layers.dense({ units: 4, activation: 'tanh', inputShape: [2], kernelInitializer }),
      layers.dense({ units: 1, kernelInitializer }),
    ],
  });
}
const compiled = (optimizer: AnyOptimizer): Sequential => {
  const model = net();
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
};
const weightsOf = (model: LayersModel): number[][] => bitsOf(model.getWeights());

async function reloaded(model: LayersModel): Promise<LayersModel> {
  let artifacts: io.ModelArtifacts | undefined;
  const handler = io.withSaveHandler((saved) => {
    artifacts = saved;
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
  });
  await model.save(handler, { includeOptimizer: true });
  // As stored in a file.
  const { trainingConfig, ...rest } = artifacts as io.ModelArtifacts;
  const config = JSON.parse(JSON.stringify(trainingConfig)) as io.TrainingConfig;
  return loadLayersModel(io.fromMemory({ ...rest, trainingConfig: config }));
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(everyOptimizer)('%s fits a model', async (_, make) => {
    const { history } = await compiled(make()).fit(inputs, targets, { ...fitting, epochs: 10 });
    const losses = history['loss'] as number[];
    expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? NaN));
  });
});

describe('a saved model', () => {
  beforeAll(() => useBackend('cpu'));

  it.each(everyOptimizer.filter(([name]) => !name.includes('schedule')))(
    'resumes with %s bit for bit',
    async (_, make) => {
      const model = compiled(make());
      await model.fit(inputs, targets, fitting);
      const copy = await reloaded(model);
      expect(copy.optimizer.getConfig()).toEqual(model.optimizer.getConfig());
      expect(copy.optimizer.getClassName()).toBe(model.optimizer.getClassName());
      await model.fit(inputs, targets, fitting);
      await copy.fit(inputs, targets, fitting);
      expect(weightsOf(copy)).toEqual(weightsOf(model));
    },
  );

  it('contains no schedule, and says so', async () => {
    const model = compiled(adamW({ learningRate: cosine({ from: 0.1, to: 0, steps: 100 }) }));
    await model.fit(inputs, targets, fitting);
    await expectKdError(() => reloaded(model), 'KD_OPTION_TYPE', 'adamW', 'options.learningRate');
  });

  it('resumes with limits by layer path, whatever the names of the layers', async () => {
    const model = sequential({
      layers: [
        layers.dense({ name: 'long_name_1', units: 4, inputShape: [2] }),
        layers.dense({ name: 'B-2.c', units: 1 }),
      ],
    });
    const optimizer = adamW({ learningRate: 0.1, maxNorm: { long_name_1: 0.5, 'B-2.c': 0.25 } });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    await model.fit(inputs, targets, fitting);
    const copy = await reloaded(model);
    const norms = copy.getWeights().map((weight) => norm(weight, 2, 0).dataSync());
    expect(Math.max(...(norms[0] as Float32Array))).toBeCloseTo(0.5, 6);
    expect(Math.max(...(norms[2] as Float32Array))).toBeCloseTo(0.25, 6);
    await model.fit(inputs, targets, fitting);
    await copy.fit(inputs, targets, fitting);
    expect(weightsOf(copy)).toEqual(weightsOf(model));
  });
});

describe('weights that are set in the middle of training', () => {
  beforeAll(() => useBackend('cpu'));

  it('are the start of the next step, with the moments kept', async () => {
    const model = compiled(adam({ learningRate: 0.1 }));
    await model.fit(inputs, targets, fitting);
    const best = model.getWeights().map((weight) => clone(weight));
    const optimizer = model.optimizer as AnyOptimizer;
    const kept = optimizer.getState();
    await model.fit(inputs, targets, fitting);
    const once = weightsOf(model);
    model.setWeights(best);
    optimizer.setState(kept);
    await model.fit(inputs, targets, fitting);
    expect(weightsOf(model)).toEqual(once);
  });
});
