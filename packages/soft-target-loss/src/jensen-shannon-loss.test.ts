import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { div, tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../test/golden.js';
import type { Reduction } from '../test/golden.js';
import { jensenShannonLoss } from './jensen-shannon-loss.js';
import { reverseSoftTargetLoss } from './reverse-soft-target-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

interface Params {
  readonly beta: number;
  readonly T: number;
  readonly reduction: Reduction;
}

/** TRL's loss: no T², and the plain divergences at the ends of β. */
function lossOf({ beta, T }: Params, teacher: Tensor, student: Tensor): Tensor {
  const options = { temperature: T, scaleByTemperatureSquared: false };
  if (beta === 0) return softTargetLoss(teacher, student, options);
  if (beta === 1) return reverseSoftTargetLoss(teacher, student, options);
  return jensenShannonLoss(teacher, student, { ...options, beta });
}

// The term has the case with a mask.
const cases = goldenCases<Params>('jsd').filter(({ name }) => name !== 'tokens_masked');
const logit = fc.float({ min: -8, max: 8, noNaN: true });
const row = fc.array(logit, { minLength: 4, maxLength: 4 });

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('agrees with TRL: $name', async ({ params, inputs, expected }) => {
    const { student, teacher } = inputs;
    const size = student.flat(Infinity).length;
    const divisors = { sum: 1, batchmean: student.length, mean: size };
    const { value, gradient } = await valueAndGradient(
      (x) => lossOf(params, tensor(teacher), x),
      student,
      divisors[params.reduction],
    );
    expectClose(value, expected.loss, { relative: 2e-6, absolute: 1e-12 });
    expectClose(gradient, expected.gradStudent, { relative: 1e-5, absolute: 1e-7 });
  });

  it('tends to the divergences as β tends to 0 or 1', async () => {
    const [v, z] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
    const [kl, reverse] = [softTargetLoss, reverseSoftTargetLoss].map((loss) =>
      loss(v, z, { temperature: 2 }),
    );
    for (const beta of [0.1, 0.01, 0.001]) {
      const low = div(jensenShannonLoss(v, z, { temperature: 2, beta }), beta);
      const high = div(jensenShannonLoss(v, z, { temperature: 2, beta: 1 - beta }), beta);
      const tolerance = { relative: 2 * beta, absolute: 0 };
      expectClose(await low.data(), await kl?.array(), tolerance);
      expectClose(await high.data(), await reverse?.array(), tolerance);
    }
  });

  it('has β = 0.5 by default', async () => {
    const [v, z] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
    expect(await jensenShannonLoss(v, z, { temperature: 2 }).array()).toEqual(
      await jensenShannonLoss(v, z, { temperature: 2, beta: 0.5 }).array(),
    );
  });
});

describe('jensenShannonLoss', () => {
  beforeAll(() => useBackend('cpu'));

  it('is the same with teacher and student, and β and 1 - β, exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(row, row, fc.constantFrom(0.1, 0.25, 0.5), async (v, z, beta) => {
        const one = jensenShannonLoss(tensor2d([v]), tensor2d([z]), { temperature: 2, beta });
        const turned = jensenShannonLoss(tensor2d([z]), tensor2d([v]), { temperature: 2, beta: 1 - beta });
        const [other = NaN] = await turned.data();
        expectClose(await one.data(), other, { relative: 1e-5, absolute: 2e-6 * Math.sqrt(other) });
      }),
    );
  });

  it('is bounded by T² log 2', async () => {
    const wide = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(wide, wide, fc.constantFrom(1, 4), async (v, z, temperature) => {
        const [value = NaN] = await jensenShannonLoss(tensor2d([v]), tensor2d([z]), { temperature }).data();
        expect(value).toBeLessThanOrEqual(temperature ** 2 * Math.log(2) * (1 + 1e-6));
      }),
    );
  });
});
