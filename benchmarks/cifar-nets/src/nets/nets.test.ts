import { namedWeights } from '@kd/model';
import { sgd } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { expectKdError, useBackend } from '@kd/testing';
import { train } from '@kd/trainer';
import { io, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { nets } from './index.js';

await useBackend('cpu');

/**
 * Factors on the widths of nets for which a sixteenth is too many channels for cpu, or too few: a 1x1
 * convolution of one channel does not learn if it is normalised.
 */
const narrow: Readonly<Partial<Record<string, number>>> = {
  resnet8x4: 1 / 32,
  resnet32x4: 1 / 32,
  resnet50: 1 / 32,
  vgg8: 1 / 64,
  vgg13: 1 / 64,
  'mobilenet-v2': 1 / 8,
  'shufflenet-v2': 1 / 32,
};
const pictures = Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, index) => Math.sin(index ** 2));
const shape: [number, number, number, number] = [2, 32, 32, 3];
const data = { inputs: { values: pictures, shape }, labels: Int32Array.of(0, 2) };

const weightsOf = (model: LayersModel): Map<string, number[]> =>
  new Map(namedWeights(model).map(({ name, variable }) => [name, Array.from(variable.dataSync())]));
const logitsOf = (model: LayersModel): number[] =>
  tidy(() => {
    const logits = model.predict(tensor4d(pictures, shape)) as Tensor;
    expect(logits.shape).toEqual([2, 3]);
    return Array.from(logits.dataSync());
  });

async function savedAndLoaded(model: LayersModel): Promise<LayersModel> {
  let saved: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  const { weightData, ...rest } = saved;
  const parsed = JSON.parse(JSON.stringify(rest)) as io.ModelArtifacts;
  return loadLayersModel(io.fromMemory({ ...parsed, weightData: weightData as ArrayBuffer }));
}

describe.each(Object.entries(nets))('%s', (name, make) => {
  const small = { seed: 1, classes: 3, width: narrow[name] ?? 1 / 16 };

  it('starts from the same weights with the same seed, and from others with another', () => {
    const [first, same, other] = [1, 1, 2].map((seed) => weightsOf(make({ ...small, seed }).model));
    expect(same).toEqual(first);
    const drawn = [...(first ?? [])].filter(([, values]) => new Set(values).size > 1);
    expect(drawn.length).toBeGreaterThan(5);
    for (const [name, values] of drawn) expect(other?.get(name), name).not.toEqual(values);
    // No two layers of one shape start alike.
    expect(new Set(drawn.map(([, values]) => values.slice(0, 4).join())).size).toBe(drawn.length);
  });

  it('takes a step that changes every kernel', async () => {
    const { model } = make(small);
    const before = weightsOf(model);
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
    const optimizer = () => sgd({ learningRate: 0.1, momentum: 0.9 });
    const run = await train(recipe, { data, epochs: 1, batchSize: 2, optimizer });
    expect(run.history[0]?.total).toBeGreaterThan(0);
    const unchanged = [...weightsOf(model)].filter(([name, values]) =>
      values.every((value, at) => value === before.get(name)?.[at]),
    );
    expect(unchanged.map(([name]) => name).filter((name) => name.endsWith('kernel'))).toEqual([]);
  });

  it('is the same net after saving and loading', async () => {
    const { model, stem, maps, features } = make(small);
    const loaded = await savedAndLoaded(model);
    for (const layer of [stem, ...maps, features])
      expect(loaded.getLayer(layer).outputShape).toEqual(model.getLayer(layer).outputShape);
    expect(logitsOf(loaded)).toEqual(logitsOf(model));
  });

  it('refuses wrong options', async () => {
    await expectKdError(() => make({ ...small, seed: NaN }), 'KD_OPTION_RANGE', 'options.seed');
    await expectKdError(() => make({ ...small, classes: 0 }), 'KD_OPTION_RANGE', 'options.classes');
    await expectKdError(() => make({ ...small, width: 0 }), 'KD_OPTION_RANGE', 'options.width');
  });
});
