import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { exp, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { goldenCases } from '../test/golden.js';
import type { Numbers } from '../test/golden.js';
import { arithmeticMean, geometricMean } from './mix-targets.js';
import { softTargetLossFromLogTargets } from './soft-target-loss.js';

interface Params {
  readonly mode: 'arithmetic' | 'geometric';
  readonly T: number;
  readonly weights: number[];
}
interface Inputs {
  readonly student: Numbers;
  readonly teacher: Numbers[];
}
const means = { arithmetic: arithmeticMean, geometric: geometricMean };
const each = Object.entries(means);
const row = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 3, maxLength: 3 });

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<Params, Inputs>('ensemble'))('agrees with PyTorch: $name', async (golden) => {
    const { mode, T, weights } = golden.params;
    const { student, teacher } = golden.inputs;
    const targets = means[mode](
      teacher.map((logits) => tensor2d(logits)),
      { temperature: T, weights },
    );
    expectClose(await exp(targets).data(), golden.expected.outputs?.teacherProbabilities, {
      relative: 1e-6,
      absolute: 0,
    });
    const { value, gradient } = await valueAndGradient(
      (x) => softTargetLossFromLogTargets(targets, x, { temperature: T }),
      student,
      student.length,
    );
    expectClose(value, golden.expected.loss, { relative: 2e-6, absolute: 0 });
    expectClose(gradient, golden.expected.gradStudent, { relative: 1e-5, absolute: 3e-8 * T });
  });

  it.each(each)('%s: opposed teachers give even odds', async (_name, mean) => {
    const targets = exp(mean([tensor2d([[10, 0]]), tensor2d([[0, 10]])], { temperature: 1 }));
    expectClose(await targets.data(), [0.5, 0.5], { relative: 1e-6, absolute: 0 });
  });

  it('differ for an uneven pair', async () => {
    const pair = [tensor2d([[10, 0, 0]]), tensor2d([[0, 6, 0]])];
    const [p, q] = [float64.softmax([10, 0, 0], 4), float64.softmax([0, 6, 0], 4)];
    const arithmetic = p.map((x, index) => (x + (q[index] ?? NaN)) / 2);
    const geometric = float64.softmax([5, 3, 0], 4);
    const tolerance = { relative: 1e-6, absolute: 0 };
    expectClose(await exp(arithmeticMean(pair, { temperature: 4 })).data(), arithmetic, tolerance);
    expectClose(await exp(geometricMean(pair, { temperature: 4 })).data(), geometric, tolerance);
    expect(Math.abs((arithmetic[0] ?? NaN) - (geometric[0] ?? NaN))).toBeGreaterThan(0.01);
  });

  it.each(each)('%s: one teacher equals that teacher, whatever has a weight of zero', async (_name, mean) => {
    const [v, other] = [tensor2d([[3, 1, 0.5]]), tensor2d([[0, 9, -9]])];
    const expected = float64.logSoftmax([3, 1, 0.5], 4);
    const tolerance = { relative: 1e-6, absolute: 1e-7 };
    expectClose(await mean([v], { temperature: 4 }).data(), expected, tolerance);
    expectClose(await mean([v], { temperature: 4, weights: [1] }).data(), expected, tolerance);
    expectClose(await mean([v, other], { temperature: 4, weights: [1, 0] }).data(), expected, tolerance);
    expectClose(await mean([v, v], { temperature: 4 }).data(), expected, tolerance);
  });

  it.each(each)('%s: is finite at ±1e4 and keeps leading axes', async (_name, mean) => {
    const v = tensor3d([[[1e4, -1e4], [0, 1e4]]]); // prettier-ignore
    const z = tensor3d([[[-1e4, 1e4], [0, 1e4]]]); // prettier-ignore
    const targets = mean([v, z], { temperature: 1 });
    expect(targets.shape).toEqual([1, 2, 2]);
    const values = Array.from(await targets.data());
    expect(values.every(Number.isFinite)).toBe(true);
    expectClose(values.slice(0, 2), [Math.log(0.5), Math.log(0.5)], { relative: 1e-6, absolute: 0 });
  });
});

describe('the means', () => {
  beforeAll(() => useBackend('cpu'));

  it('are distributions, and do not depend on the order of teachers', async () => {
    await fc.assert(
      fc.asyncProperty(row, row, fc.constantFrom(0.25, 0.5, 0.9), async (v, z, weight) => {
        for (const mean of Object.values(means)) {
          const teachers = [tensor2d([v]), tensor2d([z])];
          const weights = [weight, 1 - weight];
          const targets = await mean(teachers, { temperature: 2, weights }).data();
          expect(Array.from(targets, Math.exp).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
          const turned = mean([...teachers].reverse(), { temperature: 2, weights: [...weights].reverse() });
          expectClose(targets, await turned.array(), { relative: 1e-6, absolute: 1e-6 });
        }
      }),
    );
  });
});
