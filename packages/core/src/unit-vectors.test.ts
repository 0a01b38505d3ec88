import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, features, numericGradient, useBackend } from '@kd/testing';
import { grad, mul, tensor2d, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unitVectors } from './unit-vectors.js';

const rows = [[3, -4, 0], [1e-3, 0, 0], [0, 0, 0], [1e18, 0, -1e18], [3e-9, 4e-9, 0]]; // prettier-ignore
const half = Math.SQRT1_2;
const expected = [[0.6, -0.8, 0], [1, 0, 0], [0, 0, 0], [half, 0, -half], [6e-3, 8e-3, 0]]; // prettier-ignore
const close = { relative: 1e-5, absolute: 1e-7 };

describe.each(backends)('unitVectors on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('divides vectors by their lengths, and leaves those that vanish small', async () => {
    expectClose(await unitVectors(tensor2d(rows), 1).data(), expected, close);
    const columns = unitVectors(transpose(tensor2d(rows)), 0);
    expectClose(await transpose(columns).data(), expected, close);
  });

  it('has the gradient of central differences, bounded where vectors vanish', async () => {
    const [x, weights] = [features([3, 4], 1), features([3, 4], 2)];
    const ours = (given: Tensor): Tensor => mul(unitVectors(given, 1), weights);
    expectClose(await grad(ours)(x).data(), numericGradient(ours, x), { relative: 1e-3, absolute: 1e-3 });
    const slopes = await grad((given: Tensor) => unitVectors(given, 1))(tensor2d(rows)).data();
    expect(Math.max(...slopes.map(Math.abs))).toBeLessThan(4e6);
    expectClose([...slopes].slice(6, 9), [2e6, 2e6, 2e6], { relative: 1e-5, absolute: 0 });
  });
});
