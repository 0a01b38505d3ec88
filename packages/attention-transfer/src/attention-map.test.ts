import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, features, itRefuses, numericGradient, useBackend } from '@kd/testing';
import {
  concat,
  div,
  grad,
  mul,
  neg,
  norm,
  ones,
  reshape,
  reverse,
  sum,
  tensor4d,
  transpose,
  valueAndGrad,
} from '@tensorflow/tfjs-core';
import type { BadValue } from '@kd/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { attentionMap } from './attention-map.js';

const shape = [2, 3, 4, 2];
const powers = [1, 1.5, 2, 4];
const numbers = async (x: Tensor): Promise<number[]> => Array.from(await x.data());
const close = { relative: 1e-5, absolute: 1e-7 };
/** A gradient for a map, without symmetries. */
const weights = (): Tensor => reshape(features([2, 12, 1, 1], 5), [2, 12]);

describe.each(backends)('attentionMap on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(powers)('power %d', (power) => {
    const map = (x: Tensor): Tensor => attentionMap(x, { power });
    const weighted = (x: Tensor): Tensor => sum(mul(map(x), weights()));

    it('agrees with its definition in float64, row by row of the map', async () => {
      const x = features(shape);
      const examples = await float64.examplesOf(x);
      expect(map(x).shape).toEqual([2, 12]);
      expectClose(
        await numbers(map(x)),
        examples.map((each) => float64.attentionMap(each, power)),
        close,
      );
    });

    it('does not depend on the order, sign or number of equal channels', async () => {
      const [x, expected] = [features(shape), await numbers(map(features(shape)))];
      for (const changed of [reverse(x, 3), neg(x), concat([x, x], 3), concat([x, neg(x), x], 3)])
        expectClose(await numbers(map(changed)), expected, close);
    });

    it('follows the positions', async () => {
      const turned = reshape(map(transpose(features(shape), [0, 2, 1, 3])), [2, 4, 3]);
      const expected = await numbers(map(features(shape)));
      expectClose(await numbers(transpose(turned, [0, 2, 1])), expected, close);
    });

    it.each([1e-5, 1e-3, 1e4, 1e18])('is the same for features of the size %d', async (scale) => {
      const x = features(shape);
      expectClose(await numbers(map(mul(x, scale))), await numbers(map(x)), close);
      // The gradient belongs to a function of x / scale.
      const gradient = grad(weighted)(mul(x, scale));
      expectClose(await numbers(mul(gradient, scale)), await numbers(grad(weighted)(x)), {
        relative: 1e-4,
        absolute: 1e-6,
      });
    });

    it('treats each example separately, however large its neighbour', async () => {
      const x = features(shape);
      const uneven = mul(x, tensor4d([1e10, 1e-3], [2, 1, 1, 1]));
      expectClose(await numbers(map(uneven)), await numbers(map(x)), close);
    });

    it('has the gradient of central differences, orthogonal to the features', async () => {
      const x = features(shape);
      const gradient = grad(weighted)(x);
      expectClose(await numbers(gradient), numericGradient(weighted, x, 3e-3), {
        relative: 5e-3,
        absolute: 2e-3,
      });
      // Because rescaling an example does not change its map.
      expectClose(await numbers(sum(mul(gradient, x), [1, 2, 3])), [0, 0], { relative: 0, absolute: 3e-6 });
    });

    it('is zero for an example of zeros, which gets no gradient', async () => {
      const x = mul(features(shape), tensor4d([0, 1], [2, 1, 1, 1]));
      const { value, grad: gradient } = valueAndGrad(weighted)(x);
      expect(Number.isFinite((await numbers(value))[0])).toBe(true);
      const [map0, slopes] = [await numbers(map(x)), await numbers(gradient)];
      expectClose([...map0.slice(0, 12), ...slopes.slice(0, 24)], Array<number>(36).fill(0), {
        relative: 0,
        absolute: 0,
      });
      expectClose(map0.slice(12), (await numbers(map(features(shape)))).slice(12), close);
      expectClose(slopes.slice(24), (await numbers(grad(weighted)(features(shape)))).slice(24), close);
    });

    it.each([1e-8, 1e-12, 1e-30, 1e-40])('has a bounded gradient at features of %d', async (scale) => {
      const slopes = await numbers(grad(weighted)(mul(features(shape), scale)));
      expect(slopes.every(Number.isFinite)).toBe(true);
      expect(Math.max(...slopes.map(Math.abs))).toBeLessThan(2 * 2e6 * power);
      const lengths = await numbers(norm(map(mul(features(shape), scale)), 2, 1));
      expect(Math.max(...lengths)).toBeLessThan(1 + 1e-5);
    });
  });

  it('is 1 for a single position, with the gradient zero', async () => {
    const x = features([3, 1, 1, 4]);
    expectClose(await numbers(attentionMap(x)), [1, 1, 1], { relative: 1e-6, absolute: 0 });
    const gradient = grad((z: Tensor) => attentionMap(z))(x);
    expectClose(await numbers(gradient), Array<number>(12).fill(0), { relative: 0, absolute: 1e-6 });
  });

  it('is finite at ±1e4 beside vanishing features, and so is its gradient', async () => {
    const x = tensor4d([1e4, -1e4, 1e-30, 0, -1e4, 1e-4, 3, 1e4], [1, 2, 2, 2]);
    for (const power of powers) {
      const map = await numbers(attentionMap(x, { power }));
      expectClose(map, float64.attentionMap((await float64.examplesOf(x))[0] ?? [], power), close);
      const gradient = grad((z: Tensor) => div(attentionMap(z, { power }), 2))(x);
      expect((await numbers(gradient)).every(Number.isFinite)).toBe(true);
    }
  });

  it('keeps the sign of a feature that is tiny compared with the others', async () => {
    const x = tensor4d([1, 1e-8, -1e-8, 0], [1, 2, 2, 1]);
    const gradient = grad((z: Tensor) => attentionMap(z, { power: 1 }))(x, ones([1, 4]));
    expectClose(await numbers(gradient), [0, 1, -1, 0], { relative: 1e-6, absolute: 1e-6 });
  });

  it('uses power 2 by default', async () => {
    const x = features(shape);
    expectClose(await numbers(attentionMap(x)), await numbers(attentionMap(x, { power: 2 })), {
      relative: 0,
      absolute: 0,
    });
  });
});

describe('attentionMap refuses', () => {
  beforeAll(() => useBackend('cpu'));

  const [x, vectors] = [(): Tensor => ones([2, 2, 3, 1]), (): Tensor => ones([2, 3])];
  itRefuses(
    [
      ['vectors', () => [vectors()], 'KD_TENSOR_SHAPE', 'features'],
      ['an unknown option', () => [x(), { p: 2 }], 'KD_OPTION_UNKNOWN', 'options.p'],
      ...[0.5, NaN, Infinity].map((power): BadValue => [
        `the power ${String(power)}`,
        () => [x(), { power }],
        'KD_OPTION_RANGE',
        'options.power',
        String(power),
      ]),
    ],
    (given: Parameters<typeof attentionMap>) => attentionMap(...given),
    'attentionMap',
  );
});
