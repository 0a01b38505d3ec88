import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, features, numericGradient, useBackend } from '@kd/testing';
import { grad, mul, ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptivePool } from '@kd/testing/float64';
import { poolToEqual } from './pool-to-equal.js';

/** The student's side, beside a teacher of this size. */
const poolTo = (x: Tensor, height: number, width: number): Tensor =>
  poolToEqual(ones([1, height, width, 1]), x)[1];

const close = { relative: 1e-5, absolute: 1e-6 };

describe.each(backends)('poolToEqual on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [4, 6, 2, 3],
    [4, 6, 4, 2],
    [5, 7, 3, 4],
    [7, 5, 2, 5],
    [3, 4, 1, 1],
    [5, 3, 4, 3],
    [6, 5, 3, 4],
    [5, 6, 4, 2],
  ])(
    'averages over the cells of adaptive pooling: %dx%d to %dx%d',
    async (height, width, toHeight, toWidth) => {
      const x = features([2, height, width, 3]);
      const pooled = poolTo(x, toHeight, toWidth);
      expect(pooled.shape).toEqual([2, toHeight, toWidth, 3]);
      const expected = ((await x.array()) as number[][][][]).map((example) =>
        adaptivePool(example, toHeight, toWidth),
      );
      expectClose(await pooled.data(), expected, close);
    },
  );

  it('pools both sides if each is larger on one axis', () => {
    const [teacher, student] = poolToEqual(ones([2, 6, 2, 3]), ones([2, 3, 8, 4]));
    expect([teacher.shape, student.shape]).toEqual([[2, 3, 2, 3], [2, 3, 2, 4]]); // prettier-ignore
  });

  it('leaves an equal size unchanged', () => {
    const x = features([2, 3, 4, 1]);
    expect(poolTo(x, 3, 4)).toBe(x);
  });

  it.each([
    [5, 4, 3, 3],
    [6, 4, 3, 2],
    [6, 5, 2, 3],
    [5, 6, 2, 2],
  ])('has the gradient of central differences: %dx%d to %dx%d', async (height, width, toHeight, toWidth) => {
    const weights = features([2, toHeight, toWidth, 2], 3);
    const ours = (x: Tensor): Tensor => mul(poolTo(x, toHeight, toWidth), weights);
    const x = features([2, height, width, 2]);
    expectClose(await grad(ours)(x).data(), numericGradient(ours, x), { relative: 1e-3, absolute: 1e-3 });
  });
});
