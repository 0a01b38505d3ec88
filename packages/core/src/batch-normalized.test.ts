import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, features, numericGradient, useBackend } from '@kd/testing';
import { grad, mul, ones, tensor1d, tensor3d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { batchNormalized } from './batch-normalized.js';

describe.each(backends)('batchNormalized on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('gives each channel the mean and the deviation of its parameters', async () => {
    // Channels 1, 2, 3, 6 (mean 3, variance 3.5) and four times 7.
    const x = tensor3d([1, 7, 2, 7, 3, 7, 6, 7], [2, 2, 2]);
    const y = await batchNormalized(x, tensor1d([2, 2]), tensor1d([0, 1])).data();
    const expected = [1, 2, 3, 6].flatMap((value) => [(2 * (value - 3)) / Math.sqrt(3.5 + 1e-5), 1]);
    expectClose(y, expected, { relative: 1e-5, absolute: 1e-6 });
  });

  it('has the gradient of central differences, through its statistics', async () => {
    const [x, weights] = [features([3, 2, 2], 1), features([3, 2, 2], 2)];
    const ours = (given: Tensor): Tensor => mul(batchNormalized(given, ones([2]), zeros([2])), weights);
    expectClose(await grad(ours)(x).data(), numericGradient(ours, x), { relative: 2e-3, absolute: 2e-3 });
  });
});
