import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, expectKdError, useBackend, valueAndGradient } from '@kd/testing';
import { add, mul, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { jensenShannonLoss } from './jensen-shannon-loss.js';
import { reverseSoftTargetLoss } from './reverse-soft-target-loss.js';
import { skewReverseSoftTargetLoss } from './skew-reverse-soft-target-loss.js';
import { skewSoftTargetLoss } from './skew-soft-target-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

const T1 = { temperature: 1 };
const close = { relative: 2e-6, absolute: 1e-7 };
const { log } = Math;
// p = [1/2, 1/2] and q = [4/5, 1/5]; α = 0.1 by default.
const half = () => tensor2d([[0, 0]]);
const surer = [[log(4), 0]];
const pairs = [
  { name: 'skewSoftTargetLoss', loss: skewSoftTargetLoss, unskewed: softTargetLoss },
  { name: 'skewReverseSoftTargetLoss', loss: skewReverseSoftTargetLoss, unskewed: reverseSoftTargetLoss },
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('skewSoftTargetLoss is what one works out by hand', async () => {
    const { value, gradient } = await valueAndGradient((z) => skewSoftTargetLoss(half(), z, T1), surer, 1);
    // m = 0.1 p + 0.9 q = [0.77, 0.23]; a logit moves m by 0.9 * 4/5 * 1/5.
    expectClose(value, 0.5 * log(0.5 / 0.77) + 0.5 * log(0.5 / 0.23), close);
    const slope = 0.9 * 0.8 * 0.2 * (0.5 / 0.23 - 0.5 / 0.77);
    expectClose(gradient, [slope, -slope], close);
  });

  it('skewReverseSoftTargetLoss is what one works out by hand', async () => {
    const loss = (z: Tensor): Tensor => skewReverseSoftTargetLoss(half(), z, T1);
    const { value, gradient } = await valueAndGradient(loss, surer, 1);
    // m = 0.9 p + 0.1 q = [0.53, 0.47]; a logit moves q by 4/5 * 1/5, and m by a tenth of that.
    expectClose(value, 0.8 * log(0.8 / 0.53) + 0.2 * log(0.2 / 0.47), close);
    const slope = 0.8 * 0.2 * (log(0.8 / 0.53) - 0.08 / 0.53 - log(0.2 / 0.47) + 0.02 / 0.47);
    expectClose(gradient, [slope, -slope], close);
  });

  it.each([0.1, 0.5, 0.8])('are the two sides of jensenShannonLoss, at β = %d', async (beta) => {
    const [v, z] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
    const ofTeacher = skewSoftTargetLoss(v, z, { temperature: 2, alpha: beta });
    const ofStudent = skewReverseSoftTargetLoss(v, z, { temperature: 2, alpha: 1 - beta });
    const sum = add(mul(ofTeacher, beta), mul(ofStudent, 1 - beta));
    expectClose(await sum.data(), await jensenShannonLoss(v, z, { temperature: 2, beta }).array(), close);
  });

  it.each(pairs)('$name tends to the divergence as α tends to 0', async ({ loss, unskewed }) => {
    const [v, z] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
    const [limit = NaN] = await unskewed(v, z, { temperature: 2 }).data();
    for (const alpha of [0.1, 0.01, 0.001]) {
      const [value = NaN] = await loss(v, z, { temperature: 2, alpha }).data();
      expect(value).toBeLessThan(limit);
      expectClose(value, limit, { relative: 3 * alpha, absolute: 0 });
    }
  });

  it.each(pairs)('$name is T² log(1/α) where both sides share nothing', async ({ loss }) => {
    for (const [temperature, alpha] of [
      [1, 0.1],
      [4, 0.3],
    ] as const) {
      const apart = (z: Tensor): Tensor => loss(tensor2d([[0, -1000]]), z, { temperature, alpha });
      const { value, gradient } = await valueAndGradient(apart, [[-1000, 0]], 1);
      expectClose(value, -(temperature ** 2) * log(alpha), close);
      expectClose(gradient, [0, 0], close);
    }
  });

  it.each(pairs)('$name is finite for a class that both sides rule out', async ({ loss }) => {
    // Logits from probabilities, in which zero is -1e30; float32 rounds them by 1e22.
    const z = [[1, 0.5, -1.1e30, -0.9e30]];
    const teacher = tensor2d([[0, 0.25, -0.9e30, -1.1e30]]);
    for (const temperature of [1, 3]) {
      const of = (x: Tensor): Tensor => loss(teacher, x, { temperature });
      const { value, gradient } = await valueAndGradient(of, z, 1);
      const without = (x: Tensor): Tensor => loss(tensor2d([[0, 0.25]]), x, { temperature });
      const expected = await valueAndGradient(without, [[1, 0.5]], 1);
      expectClose(value, expected.value, close);
      expectClose(gradient, [...expected.gradient, 0, 0], close);
    }
  });
});

describe('α', () => {
  beforeAll(() => useBackend('cpu'));

  it.each(pairs)('of $name has no ends, which the error names', async ({ loss, unskewed }) => {
    for (const alpha of [0, 1]) {
      const body = (): unknown => loss(half(), tensor2d(surer), { temperature: 1, alpha });
      await expectKdError(body, 'KD_OPTION_RANGE', 'options.alpha', `Use ${unskewed.name} for α = 0`);
    }
  });
});
