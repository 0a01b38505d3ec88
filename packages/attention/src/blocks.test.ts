import { backends, expectNoLeak, useBackend } from '@kd/testing';
import { mul, slice, sum, tensor2d, tensor3d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { numbers, uneven } from '../test/apply.js';
import { length, modelFrom, modelOfAll, small, width } from '../test/small-models.js';
import { multiHeadAttention, transformerBlock } from './index.js';

const predicted = (given: LayersModel, ...inputs: readonly Tensor[]): Promise<number[][][]> =>
  (given.predict([...inputs]) as Tensor).array() as Promise<number[][][]>;

/** Two sequences, with other numbers at some positions. */
function sequences(changed: readonly number[] = [], other: (x: number) => number = (x) => x): Tensor {
  const size = width * length;
  const values = Array.from(uneven([2, length, width]).dataSync(), (x, place) =>
    changed.includes(Math.floor((place % size) / width)) ? other(x) : x,
  );
  return tensor3d(values, [2, length, width]);
}

type Build = (x: SymbolicTensor, more: object) => SymbolicTensor;
const blocks: readonly (readonly [string, Build])[] = [
  ['attention', (x, more) => multiHeadAttention(x, { name: 'a', heads: 2, seed: 1, ...more })],
  ['a block that normalises first', (x, more) => transformerBlock(x, { ...small, ...more })],
  ['a block that normalises last', (x, more) => transformerBlock(x, { ...small, normFirst: false, ...more })],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(blocks)('%s', (_, build) => {
    it('if causal, gives the same bits whatever comes later', async () => {
      const causal = modelFrom((x) => build(x, { causal: true, rotary: true }));
      const [usual, changed] = [
        await predicted(causal, sequences()),
        await predicted(
          causal,
          sequences([3, 4], (x) => 3 - 2 * x),
        ),
      ];
      for (const example of [0, 1]) {
        expect(changed[example]?.slice(0, 3)).toEqual(usual[example]?.slice(0, 3));
        expect(changed[example]?.[3]).not.toEqual(usual[example]?.[3]);
      }
      // Without causal it does depend on them.
      const both = modelFrom((x) => build(x, {}));
      const [first, second] = [
        await predicted(both, sequences()),
        await predicted(
          both,
          sequences([4], () => 1),
        ),
      ];
      expect(second[0]?.[0]).not.toEqual(first[0]?.[0]);
    });

    it.each([NaN, 1e30, 0])('has the same bits and gradients, with %s in the padding', async (other) => {
      const padded = modelFrom((x, mask) => build(x, { mask }), true);
      const mask = tensor2d([1, 1, 1, 0, 0, 1, 1, 1, 0, 0], [2, length]);
      const [usual, changed] = [sequences(), sequences([3, 4], () => other)];
      expect(await predicted(padded, changed, mask)).toEqual(await predicted(padded, usual, mask));
      const slopesFor = async (x: Tensor): Promise<number[][]> => {
        const weights = padded.weights.map((weight) => weight.read() as Variable);
        const loss = (): Scalar =>
          tidy(() => sum(mul(padded.apply([x, mask]) as Tensor, uneven([2, length, width]))));
        const { grads } = variableGrads(loss, weights);
        return Promise.all(Object.values(grads).map(numbers));
      };
      const slopes = await slopesFor(usual);
      expect(slopes.flat().every(Number.isFinite)).toBe(true);
      expect(await slopesFor(changed)).toEqual(slopes);
    });
  });

  it('attention to another sequence attends to it alone, of any length', async () => {
    const [query, keyValue] = [input({ shape: [null, 4] }), input({ shape: [null, 3] })];
    const outputs = multiHeadAttention(query, { name: 'cross', heads: 2, keyValue, seed: 1 });
    expect(outputs.shape).toEqual([null, null, 4]);
    const cross = model({ inputs: [query, keyValue], outputs });
    const all = await predicted(cross, uneven([1, 3, 4]), uneven([1, 5, 3]));
    const [last] = await predicted(cross, slice(uneven([1, 3, 4]), [0, 2, 0], [1, 1, 4]), uneven([1, 5, 3]));
    expect(all[0]?.length).toBe(3);
    for (const [place, x] of (last?.[0] ?? [NaN]).entries())
      expect(x).toBeCloseTo(all[0]?.[2]?.[place] ?? NaN, 6);
  });

  it('leaves no tensors', async () => {
    const all = modelOfAll();
    const run = (): void => {
      const ids = tensor2d([1, 2, 3, 0, 0, 4, 5, 6, 1, 0], [2, length]);
      const mask = tensor2d([1, 1, 1, 0, 0, 1, 1, 1, 1, 0], [2, length]);
      const y = all.predict([ids, mask]) as Tensor;
      for (const one of [ids, mask, y]) one.dispose();
    };
    run();
    await expectNoLeak(run);
  });
});

describe('the blocks', () => {
  beforeAll(() => useBackend('cpu'));

  it('start from the seed and the name', async () => {
    const kernels = async (seed: number | undefined, name: string): Promise<number[][]> => {
      const made = modelFrom((x) =>
        transformerBlock(x, { name, heads: 2, ...(seed !== undefined && { seed }) }),
      );
      const all = made.weights.filter(({ shape }) => shape.length === 2).map((weight) => weight.read());
      return Promise.all(all.map(numbers));
    };
    const first = await kernels(1, 'b');
    expect(first.length).toBe(6);
    expect(new Set(first.slice(0, 4).map(String)).size).toBe(4);
    expect(await kernels(1, 'b')).toEqual(first);
    for (const other of [await kernels(2, 'b'), await kernels(1, 'c'), await kernels(undefined, 'b')])
      expect(other).not.toEqual(first);
  });

  it('have four times the width hidden, gelu, and a normalisation first, unless told otherwise', async () => {
    const common = { name: 'b', heads: 2, seed: 1 };
    const explicit = { hidden: 4 * width, activation: 'gelu', normFirst: true, epsilon: 1e-5 } as const;
    const [usual, given] = [{}, explicit].map((more) =>
      modelFrom((x) => transformerBlock(x, { ...common, ...more })),
    ) as [LayersModel, LayersModel];
    expect(await predicted(usual, sequences())).toEqual(await predicted(given, sequences()));
  });

  it('drop only in a training, weights of attention too', async () => {
    const x = input({ shape: [length, width] });
    const outputs = transformerBlock(x, { ...small, dropout: 0.9 });
    const dropped = model({ inputs: x, outputs });
    const rates = dropped.layers.flatMap((layer) => {
      const { rate } = layer.getConfig();
      return typeof rate === 'number' ? [`${layer.name} ${String(rate)}`] : [];
    });
    expect(rates).toEqual([
      'block_weights_dropout 0.9',
      'block_attention_dropout 0.9',
      'block_hidden_dropout 0.9',
      'block_feedforward_dropout 0.9',
    ]);
    const given = sequences();
    const usual = await predicted(
      modelFrom((y) => transformerBlock(y, small)),
      given,
    );
    expect(await predicted(dropped, given)).toEqual(usual);
    const trained = (await (dropped.apply(given, { training: true }) as Tensor).array()) as number[][][];
    expect(trained).not.toEqual(usual);
  });

  it('have a way around attention and hidden layer', async () => {
    const made = modelFrom((x) => transformerBlock(x, small));
    for (const name of ['block_projection', 'block_feedforward'])
      tidy(() => {
        const layer = made.getLayer(name);
        layer.setWeights(layer.getWeights().map((weight) => mul(weight, 0)));
      });
    const x = sequences();
    expect(await predicted(made, x)).toEqual(await x.array());
  });

  it('take a layer between them', () => {
    const x = input({ shape: [length, width] });
    const dense = layers.dense({ units: 12 }).apply(transformerBlock(x, small)) as SymbolicTensor;
    expect(transformerBlock(dense, { name: 'next', heads: 3 }).shape).toEqual([null, length, 12]);
  });
});
