import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import { add, grad, mul, sub, sum, tensor1d, tensor2d, tensor3d, neg, softplus } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sigmoidHardTargetLoss } from './sigmoid-hard-target-loss.js';

const labels = () => tensor2d([[1, 0, 0.25], [0, 0, 1]]); // prettier-ignore
const logits = () => tensor2d([[2, -1, 0.5], [3, 0, -4]]); // prettier-ignore

/** `sum y softplus(-z) + (1 - y) softplus(z)` */
const plain = (y: Tensor, z: Tensor): Tensor =>
  sum(add(mul(y, softplus(neg(z))), mul(sub(1, y), softplus(z))), -1);

describe.each(backends)('sigmoidHardTargetLoss on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('is the cross-entropy of each label, summed', async () => {
    const terms = [
      [2, 1],
      [-1, 0],
      [0.5, 0.25],
    ].map(([z = 0, y = 0]) => {
      const q = 1 / (1 + Math.exp(-z));
      return -y * Math.log(q) - (1 - y) * Math.log(1 - q);
    });
    const [first = NaN] = await sigmoidHardTargetLoss(labels(), logits()).data();
    expectClose(first, terms.reduce((a, b) => a + b), { relative: 1e-6, absolute: 0 }); // prettier-ignore
  });

  it('has the gradient q - y', async () => {
    const dy = tensor1d([1, -2]);
    const ours = (z: Tensor): Tensor => sigmoidHardTargetLoss(labels(), z);
    const expected = await grad((z: Tensor) => plain(labels(), z))(logits(), dy).array();
    expectClose(await grad(ours)(logits(), dy).data(), expected, { relative: 1e-5, absolute: 1e-7 });
    expectClose(await grad(ours)(logits()).data(), numericGradient(ours, logits()), {
      relative: 1e-3,
      absolute: 1e-3,
    });
  });

  it('is exact at the extremes, and keeps the digits of a small loss', async () => {
    const z = tensor2d([[1e4], [-1e4], [-1e4], [10]]);
    const y = tensor2d([[1], [1], [0], [1]]);
    const values = await sigmoidHardTargetLoss(y, z).data();
    expectClose(values, [0, 1e4, 0, Math.log1p(Math.exp(-10))], { relative: 1e-6, absolute: 0 });
    const gradient = await grad((x: Tensor) => sigmoidHardTargetLoss(y, x))(z).data();
    expectClose(Array.from(gradient).slice(0, 3), [0, -1, 0], { relative: 0, absolute: 0 });
  });

  it('has one value per position', () => {
    const deep = sigmoidHardTargetLoss(tensor3d([[[1], [0]]]), tensor3d([[[2], [3]]]));
    expect(deep.shape).toEqual([1, 2]);
  });
});
