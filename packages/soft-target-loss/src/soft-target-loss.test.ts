import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { grad, log, mul, norm, softmax, sub, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { goldenCases } from '../test/golden.js';
import { hardTargetLoss } from './hard-target-loss.js';
import { logitMatchingLoss } from './logit-matching-loss.js';
import { softTargetCrossEntropy, softTargetLoss, softTargetLossFromLogTargets } from './soft-target-loss.js';

// The oracle: values and gradient norms in float64.
const v = [[1, 2, 3]];
const z = [[3, 1, 0.5]];
const values = { 1: 1.516898, 2: 1.694136, 4: 1.740948, 10: 1.751067, 20: 1.751311 };
const norms = { 1: 0.95401, 4: 1.10092, 20: 1.08718, 100: 1.08164 };
const limit = 1.75;
const limitOfNorm = 1.08012;

const gradientOf = (loss: (student: Tensor) => Tensor): Tensor => grad(loss)(tensor2d(z));
const normOf = async (gradient: Tensor): Promise<number> => (await norm(gradient).data())[0] ?? NaN;

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<{ T: number }>('kd'))('agrees with RepDistiller: $name', async (golden) => {
    const { T } = golden.params;
    const { student, teacher } = golden.inputs;
    const { value, gradient } = await valueAndGradient(
      (x) => softTargetLoss(tensor2d(teacher), x, { temperature: T }),
      student,
      student.length,
    );
    expectClose(value, golden.expected.loss, { relative: 2e-6, absolute: 1e-12 * T * T });
    expectClose(gradient, golden.expected.gradStudent, { relative: 1e-5, absolute: 3e-8 * T });
  });

  it.each(Object.entries(values))('gives the value of the oracle at T = %s', async (T, expected) => {
    const [value] = await softTargetLoss(tensor2d(v), tensor2d(z), { temperature: Number(T) }).data();
    expectClose(value ?? NaN, expected, { relative: 1e-6, absolute: 0 });
  });

  it.each(Object.entries(norms))(
    'has a gradient of the size of the oracle at T = %s',
    async (T, expected) => {
      const temperature = Number(T);
      const scaled = gradientOf((x) => softTargetLoss(tensor2d(v), x, { temperature }));
      expectClose(await normOf(scaled), expected, { relative: 2e-5, absolute: 0 });
      // This would reveal a loss without T²: its gradient falls from 0.954 to 1.1e-4.
      const unscaled = gradientOf((x) =>
        softTargetLoss(tensor2d(v), x, { temperature, scaleByTemperatureSquared: false }),
      );
      expectClose(await normOf(unscaled), expected / temperature ** 2, { relative: 2e-5, absolute: 0 });
    },
  );

  it.each([4, 20])('has the gradient T (q - p) at T = %d', async (T) => {
    const [p, q] = [float64.softmax([1, 2, 3], T), float64.softmax([3, 1, 0.5], T)];
    const gradient = await gradientOf((x) => softTargetLoss(tensor2d(v), x, { temperature: T })).data();
    expectClose(
      gradient,
      q.map((value, index) => T * (value - (p[index] ?? 0))),
      { relative: 1e-5, absolute: 1e-7 * T },
    );
  });

  it('tends to logitMatchingLoss as T grows', async () => {
    const matching = await logitMatchingLoss(tensor2d(v), tensor2d(z)).data();
    expectClose(matching, limit, { relative: 1e-6, absolute: 0 });
    const itsGradient = gradientOf((x) => logitMatchingLoss(tensor2d(v), x));
    expectClose(await normOf(itsGradient), limitOfNorm, { relative: 1e-5, absolute: 0 });
    for (const temperature of [10, 100, 1000]) {
      // The error of the limit is of order 1/T, that of float32 of order T.
      const value = await softTargetLoss(tensor2d(v), tensor2d(z), { temperature }).data();
      expectClose(value, limit, { relative: 0, absolute: 0.045 / temperature + 6e-7 * temperature });
      const gradient = gradientOf((x) => softTargetLoss(tensor2d(v), x, { temperature }));
      const difference = await normOf(sub(gradient, itsGradient));
      expect(difference).toBeLessThan(1 / temperature + 1e-7 * temperature);
    }
  });

  it.each([1, 4, 20])(
    'is smaller than the cross-entropy by T² times the entropy, with equal gradients, at T = %d',
    async (temperature) => {
      const [kl] = await softTargetLoss(tensor2d(v), tensor2d(z), { temperature }).data();
      const [cross] = await softTargetCrossEntropy(tensor2d(v), tensor2d(z), { temperature }).data();
      const p = float64.softmax([1, 2, 3], temperature);
      const entropy = -p.reduce((sum, each) => sum + each * Math.log(each), 0);
      expectClose((cross ?? NaN) - (kl ?? NaN), temperature ** 2 * entropy, { relative: 5e-6, absolute: 0 });
      const [ofKl, ofCross] = [softTargetLoss, softTargetCrossEntropy].map((loss) =>
        gradientOf((x) => loss(tensor2d(v), x, { temperature })),
      );
      expectClose((await ofKl?.data()) ?? [], await ofCross?.array(), {
        relative: 1e-6,
        absolute: 1e-7 * temperature,
      });
    },
  );

  it('without T² is the loss divided by T²', async () => {
    for (const loss of [softTargetLoss, softTargetCrossEntropy]) {
      const options = { temperature: 4, scaleByTemperatureSquared: false };
      const unscaled = await loss(tensor2d(v), tensor2d(z), options).data();
      const scaled = await loss(tensor2d(v), tensor2d(z), { temperature: 4 }).data();
      expectClose(unscaled, (scaled[0] ?? NaN) / 16, { relative: 1e-7, absolute: 0 });
    }
  });
});

describe.each(backends)('softTargetLossFromLogTargets on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('takes targets that are already at T', async () => {
    const targets = log(softmax(mul(tensor2d(v), 1 / 4)));
    const loss = softTargetLossFromLogTargets(targets, tensor2d(z), { temperature: 4 });
    expectClose(await loss.data(), values[4], { relative: 1e-6, absolute: 0 });
  });

  it.each([1, 4, 20])('takes the logarithm of zero at T = %d', async (temperature) => {
    const p = [0.25, 0.75, 0];
    const { value, gradient } = await valueAndGradient(
      (x) => softTargetLossFromLogTargets(log(tensor2d([p])), x, { temperature }),
      z,
      1,
    );
    const q = float64.softmax([3, 1, 0.5], temperature);
    const logQ = float64.logSoftmax([3, 1, 0.5], temperature);
    expectClose(value, temperature ** 2 * float64.divergence(p.map(Math.log), logQ), {
      relative: 1e-6,
      absolute: 0,
    });
    expectClose(
      gradient,
      q.map((each, index) => temperature * (each - (p[index] ?? 0))),
      { relative: 1e-5, absolute: 1e-6 },
    );
  });

  it('with one-hot targets at T = 1 is the loss of hard targets', async () => {
    const loss = softTargetLossFromLogTargets(log(tensor2d([[0, 0, 1]])), tensor2d(z), { temperature: 1 });
    expectClose(await loss.data(), await hardTargetLoss(tensor2d([[2]]), tensor2d(z)).array(), {
      relative: 1e-6,
      absolute: 0,
    });
  });
});
