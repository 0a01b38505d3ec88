import { io, ones, tensor } from '@tensorflow/tfjs-core';
import { input, layers, loadLayersModel, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/model';
import { expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { fingerprintOfModel, fingerprintOfTexts } from './fingerprint.js';

await useBackend('cpu');

function build({
  activation = 'relu',
  units = 2,
}: { activation?: 'relu' | 'tanh'; units?: number } = {}): LayersModel {
  return sequential({
    name: 'teacher',
    layers: [
      layers.dense({ name: 'hidden', units, activation, kernelInitializer: 'ones', inputShape: [2] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dense({ name: 'logits', units: 2, kernelInitializer: 'ones' }),
    ],
  });
}
/** Changes a value of a weight, and returns a function that restores it. */
function change(model: LayersModel, weight: string, at: number, value: number): () => void {
  const variable = namedWeights(model).find(({ name }) => name === weight)?.variable;
  if (variable === undefined) throw new Error(weight);
  const before = Array.from(variable.dataSync());
  const assign = (values: number[]): void => {
    const values_ = tensor(values, variable.shape);
    variable.assign(values_);
    values_.dispose();
  };
  assign(before.with(at, value));
  return () => {
    assign(before);
  };
}

describe('fingerprintOfModel', () => {
  it('is the same at every call, before and after the model has run, and for an equal model', async () => {
    const model = build();
    const first = await fingerprintOfModel(model);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await fingerprintOfModel(model)).toBe(first);
    model.predict(ones([1, 2]));
    expect(await fingerprintOfModel(model)).toBe(first);
    expect(await fingerprintOfModel(build())).toBe(first);
  });

  it.each([
    ['hidden/kernel', 3, 1 + 2 ** -23],
    ['hidden/bias', 1, -0],
    ['norm/moving_mean', 0, 1e-30],
    ['norm/moving_variance', 1, NaN],
    ['logits/kernel', 0, 2],
  ])('changes with one value of %s, and returns with the old value', async (weight, at, value) => {
    const model = build();
    const before = await fingerprintOfModel(model);
    const putBack = change(model, weight, at, value);
    expect(await fingerprintOfModel(model)).not.toBe(before);
    putBack();
    expect(await fingerprintOfModel(model)).toBe(before);
  });

  it('detects swapped weights', async () => {
    const [one, two] = [build(), build()];
    change(one, 'hidden/kernel', 0, 5);
    change(two, 'logits/kernel', 0, 5);
    expect(await fingerprintOfModel(one)).not.toBe(await fingerprintOfModel(two));
  });

  it('changes with the architecture, even if the weights are the same', async () => {
    const prints = await Promise.all(
      [build(), build({ activation: 'tanh' }), build({ units: 3 })].map(fingerprintOfModel),
    );
    expect(new Set(prints).size).toBe(3);
  });

  it('does not change with the names of layers, but changes with their connections', async () => {
    const join = (names: readonly [string, string, string], from: 0 | 1): LayersModel => {
      const x = input({ shape: [2], name: names[0] });
      const dense = (name: string) => layers.dense({ name, units: 2, kernelInitializer: 'ones' });
      const first = dense(names[1]).apply(x) as SymbolicTensor;
      const second = dense(names[2]).apply([x, first][from] as SymbolicTensor) as SymbolicTensor;
      return functional({ inputs: x, outputs: layers.add().apply([first, second]) as SymbolicTensor });
    };
    const models = [join(['x', 'a', 'b'], 1), join(['y', 'b', 'a'], 1), join(['x', 'a', 'b'], 0)];
    const [one, renamed, other] = await Promise.all(models.map(fingerprintOfModel));
    expect(renamed).toBe(one);
    expect(other).not.toBe(one);
  });

  it('is the same after saving and loading a model', async () => {
    const model = build();
    let saved: io.ModelArtifacts = {};
    await model.save(
      io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const },
        });
      }),
    );
    const loaded = await loadLayersModel(io.fromMemory(saved));
    expect(await fingerprintOfModel(loaded)).toBe(await fingerprintOfModel(model));
  });

  it('leaks no tensor', async () => {
    const model = build();
    await expectNoLeak(async () => {
      await fingerprintOfModel(model);
    });
  });
});

describe('fingerprintOfTexts', () => {
  it('distinguishes texts, their order and their boundaries', () => {
    const prints = [['a', 'b'], ['b', 'a'], ['ab'], ['a', '', 'b'], ['a","b'], ['a,b']].map(
      fingerprintOfTexts,
    );
    expect(new Set(prints).size).toBe(6);
    expect(fingerprintOfTexts(['a', 'b'])).toBe(prints[0]);
  });
});
