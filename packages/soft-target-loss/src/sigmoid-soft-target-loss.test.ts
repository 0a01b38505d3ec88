import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { sigmoid as sigmoidOf, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { goldenCases } from '../test/golden.js';
import type { Reduction } from '../test/golden.js';
import {
  sigmoidLogitsFromProbabilities,
  sigmoidSoftTargetCrossEntropy,
  sigmoidSoftTargetLoss,
} from './sigmoid-soft-target-loss.js';

interface Params {
  readonly T: number;
  readonly reduction: Reduction;
}

const v = [2, -1, 0.5];
const z = [0, 3, 0.5];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<Params>('sigmoid'))('agrees with PyTorch: $name', async (golden) => {
    const { T, reduction } = golden.params;
    const { student, teacher } = golden.inputs;
    const divisors = { sum: 1, batchmean: student.length, mean: student.flat().length };
    const divisor = divisors[reduction];
    const cross = await valueAndGradient(
      (x) => sigmoidSoftTargetCrossEntropy(tensor2d(teacher), x, { temperature: T }),
      student,
      divisor,
    );
    expectClose(cross.value, golden.expected.loss, { relative: 2e-6, absolute: 0 });
    expectClose(cross.gradient, golden.expected.gradStudent, { relative: 1e-5, absolute: 1e-7 * T });
    // The divergence is smaller by the entropy of the teacher, and has the same gradients.
    const divergence = await valueAndGradient(
      (x) => sigmoidSoftTargetLoss(tensor2d(teacher), x, { temperature: T }),
      student,
      divisor,
    );
    const entropy = teacher.reduce((sum, row) => sum + float64.sigmoidCrossEntropy(row, row, T), 0) / divisor;
    expectClose(divergence.value, golden.expected.loss - entropy, { relative: 1e-5, absolute: 1e-7 });
    expectClose(divergence.gradient, cross.gradient, { relative: 1e-6, absolute: 1e-7 });
  });

  it.each([1, 4, 20])('has the gradient T (q - p) at T = %d', async (T) => {
    const { gradient } = await valueAndGradient(
      (x) => sigmoidSoftTargetLoss(tensor2d([v]), x, { temperature: T }),
      [z],
      1,
    );
    expectClose(
      gradient,
      z.map((logit, index) => T * (sigmoid(logit / T) - sigmoid((v[index] ?? NaN) / T))),
      { relative: 1e-5, absolute: 1e-7 * T },
    );
  });

  it('without T² is the loss divided by T²', async () => {
    for (const loss of [sigmoidSoftTargetLoss, sigmoidSoftTargetCrossEntropy]) {
      const options = { temperature: 4, scaleByTemperatureSquared: false };
      const [unscaled = NaN] = await loss(tensor2d([v]), tensor2d([z]), options).data();
      const [scaled = NaN] = await loss(tensor2d([v]), tensor2d([z]), { temperature: 4 }).data();
      expectClose(unscaled, scaled / 16, { relative: 1e-6, absolute: 0 });
    }
  });

  it('takes a single label', async () => {
    const loss = sigmoidSoftTargetLoss(tensor2d([[2]]), tensor2d([[0]]), { temperature: 1 });
    expectClose(await loss.data(), float64.sigmoid([2], [0], 1), { relative: 1e-6, absolute: 0 });
  });

  it('passes the gradient of a student that outputs probabilities', async () => {
    const { gradient } = await valueAndGradient(
      (x) =>
        sigmoidSoftTargetLoss(tensor2d([v]), sigmoidLogitsFromProbabilities(sigmoidOf(x)), {
          temperature: 4,
        }),
      [z],
      1,
    );
    const expected = z.map((logit, index) => 4 * (sigmoid(logit / 4) - sigmoid((v[index] ?? NaN) / 4)));
    expectClose(gradient, expected, { relative: 1e-5, absolute: 1e-6 });
  });

  it('makes logits from probabilities', async () => {
    const p = [0, 1e-30, 0.25, 0.5, 0.8808, 0.9999, 1].map(Math.fround);
    const logits = await sigmoidLogitsFromProbabilities(tensor2d([p])).data();
    const expected = p.map((each) => Math.log(each) - Math.log1p(-each)).slice(1, -1);
    expectClose(Array.from(logits).slice(1, -1), expected, { relative: 1e-6, absolute: 1e-7 });
    expect(logits[0]).toBeLessThan(-9e29);
    expect(logits[p.length - 1]).toBeGreaterThan(9e29);
  });
});
