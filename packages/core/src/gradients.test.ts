import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, useBackend } from '@kd/testing';
import { add, grad, mul, square, sum, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { offTape } from './gradients.js';
import { signOf } from './sign-of.js';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('offTape returns the value, and lets no gradient through', async () => {
    const f = (x: Tensor): Tensor =>
      sum(
        mul(
          x,
          offTape(() => add(square(x), 1)),
        ),
      );
    const x = tensor1d([2, 3]);
    expect(Array.from(await f(x).data())).toEqual([2 * 5 + 3 * 10]);
    // d/dx of x times a constant: the constant.
    expect(Array.from(await grad(f)(x).data())).toEqual([5, 10]);
  });

  it('signOf distinguishes the smallest numbers from zero', async () => {
    expect(Array.from(await signOf(tensor1d([-1e-30, 0, 1e-30, 5])).data())).toEqual([-1, 0, 1, 1]);
  });
});
