import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import { grad, mul, reshape, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { similarities } from './similarities.js';

const weights = () => tensor2d([[1, -2, 3], [0.5, 4, 1], [2, 1, -1]]); // prettier-ignore
const weighted = (x: Tensor): Tensor => mul(similarities(x), weights());
// The largest feature stays 1 when others move, so the factor is 1.
const rows = () => tensor2d([[1, 0.5], [0, 0], [-0.25, 0.75]]); // prettier-ignore
const close = { relative: 1e-5, absolute: 1e-7 };

describe.each(backends)('similarities on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('are the products of all pairs, with a row of zeros for a zero example', async () => {
    expectClose(
      await similarities(rows()).data(),
      [[1.25, 0, 0.125], [0, 0, 0], [0.125, 0, 0.625]], // prettier-ignore
      close,
    );
  });

  it('are the same for features of any shape', async () => {
    const deep = reshape(rows(), [3, 1, 2, 1]);
    expectClose(await similarities(deep).data(), await similarities(rows()).array(), close);
  });

  it('pass the gradient of central differences to all but the zero example', async () => {
    const gradient = Array.from(await grad(weighted)(rows()).data());
    const numeric = numericGradient(weighted, rows());
    const regular = (slopes: number[]): number[] => [slopes[1] ?? NaN, ...slopes.slice(4)];
    expectClose(regular(gradient), regular(numeric), { relative: 1e-3, absolute: 1e-3 });
  });

  it('pass gradients to the zero example from the rows of the others, not from its own row', async () => {
    const gradient = Array.from(await grad(weighted)(rows()).data());
    // -2 times the first example and 1 times the third: the weights of the column of the zero example.
    expectClose(gradient.slice(2, 4), [-2 - 0.25, -1 + 0.75], close);
  });
});
