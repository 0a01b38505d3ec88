import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, features, numericGradient, useBackend } from '@kd/testing';
import { grad, memory, mul, tensor1d, tensor2d, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vectorLengths } from './vector-lengths.js';

const rows = [[3, -4], [0, 0], [3e-10, 4e-10], [6e15, 8e15]]; // prettier-ignore
const close = { relative: 1e-5, absolute: 0 };

describe.each(backends)('vectorLengths on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('is the root of the sum of squares along the axes, which it leaves out', async () => {
    const x = tensor2d(rows);
    const before = memory().numTensors;
    const lengths = vectorLengths(x, 1);
    expect(memory().numTensors).toBe(before + 1);
    expectClose(await lengths.data(), [5, 0, 5e-10, 1e16], close);
    expectClose(await vectorLengths(transpose(x), [0]).data(), [5, 0, 5e-10, 1e16], close);
    const whole = vectorLengths(tensor2d([[1, 2], [2, 4]]), [0, 1]); // prettier-ignore
    expect([whole.shape, await whole.array()]).toEqual([[], 5]);
  });

  it('has the gradient x / ||x||, and 0 for zeros', async () => {
    const factors = tensor1d([2, 1, 1, 1]);
    const slopes = await grad((x: Tensor) => mul(vectorLengths(x, 1), factors))(tensor2d(rows)).data();
    expectClose(slopes, [1.2, -1.6, 0, 0, 0.6, 0.8, 0.6, 0.8], close);
    const x = features([3, 4, 2], 1);
    const ours = (given: Tensor): Tensor => vectorLengths(given, [1, 2]);
    expectClose(await grad(ours)(x).data(), numericGradient(ours, x), { relative: 1e-3, absolute: 1e-3 });
  });
});
