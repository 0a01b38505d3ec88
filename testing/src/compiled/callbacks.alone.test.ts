// What callbacks do between steps of one call, compared with eager ones, to the bit.
import { stepFunctions } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { train } from '@kd/trainer';
import { io, mul, setBackend, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, regularizers } from '@tensorflow/tfjs-layers';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { bothWays, expectSame, weightsOf } from './both-ways.js';
import { batchSize, dataOf, denseNet } from './small.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

/** What a callback does after a step, by its number in the training; what it returns is compared. */
type After = (step: number, model: LayersModel) => unknown;

const read = (tensors: readonly Tensor[]): number[][] => tensors.map((one) => Array.from(one.dataSync()));

const saved = async (model: LayersModel): Promise<unknown> => {
  let weights: unknown;
  await model.save(
    io.withSaveHandler(({ weightData }) => {
      weights = Array.from(new Uint8Array(weightData as ArrayBuffer));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  return weights;
};

const kept: Tensor[] = [];
const cases: Readonly<Record<string, After>> = {
  'freezes a layer and thaws it': (step, model) => {
    const layer = model.getLayer('hidden');
    if (step === 5) layer.trainable = false;
    if (step === 14) layer.trainable = true;
  },
  'freezes a normalisation and thaws it': (step, model) => {
    const layer = model.getLayer('norm');
    if (step === 5) layer.trainable = false;
    if (step === 14) layer.trainable = true;
  },
  'freezes a normalisation that learns nothing, and thaws it': (step, model) => {
    const layer = model.getLayer('plain');
    if (step === 5) layer.trainable = false;
    if (step === 14) layer.trainable = true;
  },
  'freezes one weight of a layer and thaws it': (step, model) => {
    const bias = model.getLayer('hidden').weights[1] as LayerVariable;
    if (step === 5) bias.trainable = false;
    if (step === 14) bias.trainable = true;
  },
  'sets weights': (step, model) => {
    if (step % 5 === 4) tidy(() => { model.setWeights(model.getWeights().map((one) => mul(one, 0.9))); }); // prettier-ignore
  },
  'sets weights to those of two steps before': (step, model) => {
    if (step % 6 === 2) kept.push(...model.getWeights().map((one) => one.clone()));
    if (step % 6 === 4) model.setWeights(kept.splice(0));
  },
  'reads weights': (_, model) => read(model.getWeights()),
  'keeps weights, and reads them at the end': (step, model) => {
    kept.push(...model.getWeights().map((one) => one.clone()));
    return step === 17 ? read(kept.splice(0)) : undefined;
  },
  'saves the model': (step, model) => (step % 4 === 3 ? saved(model) : undefined),
  'predicts': (_, model) => tidy(() => read([model.predict(mul(model.getWeights()[0] as Tensor, 1).transpose()) as Tensor])), // prettier-ignore
};

describe.skipIf(!isInstalled)('steps of one call have the bits of eager ones if a callback', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each(Object.entries(cases))('%s', async (_, after) => {
    const both = await bothWays(async (way) => {
      const norms = [
        layers.batchNormalization({ name: 'norm' }),
        layers.batchNormalization({ name: 'plain', center: false, scale: false }),
      ];
      const model = denseNet(norms, { kernelRegularizer: regularizers.l2({ l2: 0.01 }) });
      const seen: unknown[] = [];
      let step = 0;
      const onBatchEnd = async (): Promise<void> => void seen.push(await after(step++, model));
      await train(defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] }), {
        ...way,
        ...{ data: dataOf(), batchSize, epochs: 6, callbacks: [{ onBatchEnd }] },
        optimizer: () => adam({ learningRate: 0.02 }),
        validation: { data: dataOf([4], 4) },
      });
      expect(kept).toEqual([]);
      return [seen, weightsOf(model)];
    });
    expectSame(both);
    expect(both.compiled.calls).toBeGreaterThanOrEqual(20);
  });
});
