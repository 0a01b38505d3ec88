import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, itRefuses, numericGradient, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { grad, ones, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { euclideanDistance, meanSquaredDifference } from './map-distance.js';

const t = () => tensor2d([[0.6, 0.8, 0], [0, 0, 1], [0, 0, 0]]); // prettier-ignore
const s = () => tensor2d([[1, 0, 0], [0.48, 0.6, 0.64], [0, 0.6, 0.8]]); // prettier-ignore
const close = { relative: 1e-6, absolute: 1e-7 };

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('euclideanDistance is the length of the difference, not its square', async () => {
    expectClose(await euclideanDistance(t(), s()).data(), [Math.sqrt(0.8), Math.sqrt(0.72), 1], close);
  });

  it('meanSquaredDifference is the squared length over the number of positions', async () => {
    expectClose(await meanSquaredDifference(t(), s()).data(), [0.8 / 3, 0.72 / 3, 1 / 3], close);
  });

  it.each([euclideanDistance, meanSquaredDifference])(
    '%o has the gradient of central differences',
    async (distance) => {
      const ours = (x: Tensor): Tensor => distance(t(), x);
      expectClose(await grad(ours)(s()).data(), numericGradient(ours, s()), {
        relative: 1e-3,
        absolute: 1e-3,
      });
      const dy = tensor1d([1, -2, 0]);
      const weighted = Array.from(await grad(ours)(s()).data(), (slope, index) =>
        index < 3 ? slope : index < 6 ? -2 * slope : 0,
      );
      expectClose(await grad(ours)(s(), dy).data(), weighted, close);
    },
  );

  it('euclideanDistance has a gradient no longer than 1 near equality, and none at equality', async () => {
    const zero = tensor2d([[0, 0]]);
    for (const [difference, expected] of [
      [1e-7, 1],
      [1e-15, 1],
      [1e-25, 0],
      [0, 0],
    ] as const) {
      const gradient = grad((x: Tensor) => euclideanDistance(zero, x))(tensor2d([[difference, 0]]));
      expectClose(await gradient.data(), [expected, 0], { relative: 1e-5, absolute: 1e-5 });
    }
    const [distance] = await euclideanDistance(s(), s()).data();
    expect(distance).toBe(0);
  });
});

describe.each([euclideanDistance, meanSquaredDifference])('%o refuses', (distance) => {
  beforeAll(() => useBackend('cpu'));

  const int32: BadValue = ['int32', () => ones([2, 6], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,6]'];
  itRefuses(
    [
      int32,
      ['feature maps', () => ones([2, 2, 3, 1]), 'KD_TENSOR_SHAPE', '[2,2,3,1]'],
      ['no rows', () => ones([0, 6]), 'KD_TENSOR_SHAPE', '[0,6]'],
    ],
    (teacherMap) => distance(teacherMap, ones([2, 6])),
    distance.name,
    'teacherMap',
  );
  itRefuses(
    [int32, ['one row, which would be broadcast', () => ones([1, 6]), 'KD_TENSOR_SHAPE', '[1,6]']],
    (studentMap) => distance(ones([2, 6]), studentMap),
    distance.name,
    'studentMap',
  );
});
