import { registerTrainingKernels } from '@kd/backend';
import { backends, expectClose, expectNoLeak, numericGradient, useBackend } from '@kd/testing';
import { grad, grads, mul, ones, randomNormal, sum, tensor2d, tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxout } from './maxout.js';

const apply = (pieces: number, x: Tensor): Tensor => maxout({ pieces }).apply(x) as Tensor;

describe.each(backends)('maxout on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    // Stock wasm computes a wrong gradient of max pooling below zero.
    registerTrainingKernels();
  });

  it('takes the largest piece of each unit, where the input holds the first pieces first', async () => {
    const x = tensor2d([[1, -5, 3, 2, -7, 4], [-1, -2, -3, -4, -5, -6]]); // prettier-ignore
    expect(Array.from(await apply(2, x).data())).toEqual([2, -5, 4, -1, -2, -3]);
    expect(Array.from(await apply(3, x).data())).toEqual([3, 4, -1, -2]);
    expect(Array.from(await apply(1, x).data())).toEqual(Array.from(await x.data()));
  });

  it('does so at each position of a map', async () => {
    const x = tensor4d([1, 2, 5, 0, 3, -4, -8, -3, 0, 0, -1, 7, -2, -2, -2, -9], [2, 2, 1, 4]);
    const y = apply(2, x);
    expect(y.shape).toEqual([2, 2, 1, 2]);
    expect(Array.from(await y.data())).toEqual([5, 2, 3, -3, 0, 7, -2, -2]);
  });

  it.each([[[4, 6]], [[2, 3, 6]], [[2, 3, 2, 6]]])(
    'agrees with the gradient of finite differences for %j',
    async (shape) => {
      const x = randomNormal(shape, 0, 1, 'float32', 7);
      const weights = randomNormal([...shape.slice(0, -1), 2], 0, 1, 'float32', 8);
      const f = (at: Tensor): Tensor => sum(mul(apply(3, at), weights));
      expectClose(await grad(f)(x).data(), numericGradient(f, x), { relative: 1e-2, absolute: 1e-3 });
    },
  );

  it('gives the gradient of equal pieces to one of them, not to both', async () => {
    const x = tensor2d([[-1, 2, -1, 2], [0, 0, 0, 0]]); // prettier-ignore
    const [dx] = grads((at: Tensor) => apply(2, at))([x], tensor2d([[3, 5], [7, 11]])) as [Tensor]; // prettier-ignore
    const [a = 0, b = 0, c = 0, d = 0, ...second] = Array.from(await dx.data());
    expect([a + c, b + d]).toEqual([3, 5]);
    expect([(second[0] ?? 0) + (second[2] ?? 0), (second[1] ?? 0) + (second[3] ?? 0)]).toEqual([7, 11]);
    expect([a, b, c, d, ...second].filter((value) => value === 0)).toHaveLength(4);
  });

  it('leaves no tensor behind, forward and backward', async () => {
    const x = ones([2, 3, 3, 4]);
    await expectNoLeak(() => {
      apply(2, x).dispose();
      grad((at: Tensor) => sum(apply(2, at)))(x).dispose();
    });
  });

  it('knows its output shape before it computes', () => {
    expect(maxout({ pieces: 2 }).computeOutputShape([null, 5, 5, 8])).toEqual([null, 5, 5, 4]);
    const symbolic = maxout({ pieces: 4 }).apply(input({ shape: [5, 8] }));
    expect(symbolic).toMatchObject({ shape: [null, 5, 2] });
  });
});
