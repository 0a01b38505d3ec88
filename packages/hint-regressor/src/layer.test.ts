import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { ones, randomNormal, train } from '@tensorflow/tfjs-core';
import type { io, Tensor } from '@tensorflow/tfjs-core';
import { input, layers, loadLayersModel, model, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { hintRegressor } from './hint-regressor.js';
import { HintRegressor } from './layer.js';
import type { HintRegressorConfig } from './layer.js';

const read = async (tensor: unknown): Promise<number[]> => Array.from(await (tensor as Tensor).data());

async function savedAndLoaded(
  saved: ReturnType<typeof sequential>,
): Promise<Awaited<ReturnType<typeof loadLayersModel>>> {
  let artifacts: io.ModelArtifacts = {};
  await saved.save({
    save: (given) => {
      artifacts = given;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    },
  });
  return loadLayersModel({ load: () => Promise.resolve(artifacts) });
}

beforeAll(() => useBackend('cpu'));

describe('HintRegressor', () => {
  it.each<[string, HintRegressorConfig, number[]]>([
    ['pointwise', { hintShape: [null, 5, 4, 3], activation: 'tanh' }, [5, 4, 2]],
    ['convolution', { hintShape: [null, 3, 4, 3], activation: 'relu', seed: 3 }, [5, 4, 2]],
    ['transposed', { hintShape: [null, 9, 4, 3], kind: 'transposed' }, [5, 4, 2]],
    ['resize', { hintShape: [null, 9, 2, 3] }, [5, 4, 2]],
    ['batchNormalized', { hintShape: [null, 10, 8, 3], kind: 'batchNormalized' }, [5, 4, 2]],
    ['identity', { hintShape: [null, 5, 4, 2], identityWhenEqual: true }, [5, 4, 2]],
    ['of vectors', { hintShape: [null, 7], name: 'own_name' }, [4]],
  ])('%s is loaded by tfjs with equal outputs', async (_, config, inputShape) => {
    const regressor = sequential({ layers: [layers.inputLayer({ inputShape }), new HintRegressor(config)] });
    const loaded = await savedAndLoaded(regressor);
    const x = randomNormal([2, ...inputShape]);
    const expected = regressor.predict(x) as Tensor;
    expect(expected.shape.slice(1)).toEqual(config.hintShape.slice(1));
    expect(await read(loaded.predict(x))).toEqual(await read(expected));
    expect(loaded.layers.at(-1)?.getConfig()).toEqual(regressor.layers.at(-1)?.getConfig());
  });

  it('trains behind a layer with model.fit', async () => {
    const regressor = sequential({
      layers: [
        layers.dense({ units: 4, inputShape: [3] }),
        new HintRegressor({ hintShape: [null, 2], seed: 1 }),
      ],
    });
    regressor.compile({ optimizer: train.adam(0.05), loss: 'meanSquaredError' });
    const { history } = await regressor.fit(ones([4, 3]), ones([4, 2]), { epochs: 500 });
    expect((history['loss'] as number[]).at(-1)).toBeLessThan(0.05);
  });

  it('knows the shape of its output before it runs', () => {
    const guided = input({ shape: [8, 6, 2] });
    const regressed = model({
      inputs: guided,
      outputs: new HintRegressor({ hintShape: [null, 4, 4, 3] }).apply(guided) as typeof guided,
    });
    expect(regressed.outputs[0]?.shape).toEqual([null, 4, 4, 3]);
  });

  it('leaks no tensor', () =>
    expectNoLeak(async () => {
      const layer = hintRegressor([null, 6, 2, 3], [null, 3, 3, 2]);
      const x = ones([1, 3, 3, 2]);
      const y = layer.apply(x) as Tensor;
      await y.data();
      layer.dispose();
      x.dispose();
      y.dispose();
    }));

  it('refuses shapes without a regressor when it is built', () =>
    expectKdError(
      () => new HintRegressor({ hintShape: [null, 4] }).apply(input({ shape: [3, 3, 2] })),
      'KD_HINT_SHAPES',
      'HintRegressor',
      '[?,3,3,2]',
      '[?,4]',
    ));
});

describe('hintRegressor', () => {
  it('returns a built layer whose kernel comes from the seed', async () => {
    const kernels = [1, 1, 2].map((seed) => hintRegressor([null, 3], [null, 4], { seed }).getWeights()[0]);
    const [first, same, other] = await Promise.all(kernels.map(read));
    expect(first).toEqual(same);
    expect(first).not.toEqual(other);
  });

  it('ends in the given activation', async () => {
    const layer = hintRegressor([null, 64], [null, 2], { activation: 'relu', seed: 1 });
    const [kernel] = layer.getWeights() as [Tensor];
    const outputs = await read(layer.apply(ones([1, 2])));
    const sums = (await kernel.array()) as number[][];
    const expected = sums[0]?.map((x, index) => Math.max(0, x + (sums[1]?.[index] ?? 0)));
    expectClose(outputs, expected, { relative: 1e-5, absolute: 1e-7 });
    expect(outputs.some((x) => x === 0)).toBe(true);
  });

  it.each([
    ['an unknown activation', { activation: 'rectify' }, 'KD_OPTION_RANGE', '"relu"'],
    ['an activation over all channels', { activation: 'softmax' }, 'KD_OPTION_RANGE', 'options.activation'],
    ['an activation of another type', { activation: 1 }, 'KD_OPTION_TYPE', 'options.activation'],
    ['an unknown kind', { kind: '1x1' }, 'KD_OPTION_RANGE', '"convolution"'],
    ['a kind of another type', { kind: 3 }, 'KD_OPTION_TYPE', 'options.kind'],
    ['the name of something every object has', { kind: 'toString' }, 'KD_OPTION_RANGE', '"toString"'],
    ['a choice that is not boolean', { identityWhenEqual: 1 }, 'KD_OPTION_TYPE', 'options.identityWhenEqual'],
    ['a seed below zero', { seed: -1 }, 'KD_OPTION_RANGE', 'options.seed'],
    ['an empty name', { name: '' }, 'KD_OPTION_TYPE', 'options.name'],
    ['an unknown option', { kernel: 3 }, 'KD_OPTION_UNKNOWN', 'options.kernel'],
    ['options that are not an object', 'relu', 'KD_OPTION_TYPE', 'options'],
  ])('refuses %s', (_, options, code, part) =>
    expectKdError(() => hintRegressor([null, 2], [null, 2], options as never), code, part),
  );

  it.each([
    [
      'shapes',
      [3, 'KD_TENSOR_SHAPE', 'the student shape', '3'],
      [[null, 2, 2], 'KD_HINT_SHAPES', '[?,2,2]', '[?,2]'],
    ],
  ] as const)('refuses other %s', async (_, ...refused) => {
    for (const [shape, code, ...parts] of refused)
      await expectKdError(() => hintRegressor([null, 2], shape as never), code, ...parts);
  });

  it.each([
    ['no shape', {}, 'KD_TENSOR_SHAPE', 'config.hintShape'],
    ['an unknown kind', { hintShape: [null, 2], kind: 'x' }, 'KD_OPTION_RANGE', 'options.kind'],
    [
      'an unknown activation',
      { hintShape: [null, 2], activation: 'x' },
      'KD_OPTION_RANGE',
      'options.activation',
    ],
  ])('is a layer that refuses %s', (_, config, code, part) =>
    expectKdError(() => new HintRegressor(config as never), code, part),
  );
});
