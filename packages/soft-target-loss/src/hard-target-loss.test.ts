import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend, valueAndGradient } from '@kd/testing';
import {
  add,
  cast,
  grad,
  grads,
  logSoftmax,
  mul,
  neg,
  oneHot,
  reshape,
  sum,
  tensor1d,
  tensor2d,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { goldenCases } from '../test/golden.js';
import type { Numbers, Reduction } from '../test/golden.js';
import { hardTargetLoss, hardTargetLossFromDistributions } from './hard-target-loss.js';

interface Params {
  readonly labelSmoothing: number;
  readonly reduction: Reduction;
}
interface Inputs {
  readonly student: Numbers;
  readonly labels: number[];
}
type Loss = (labels: readonly number[], student: Tensor, labelSmoothing?: number) => Tensor;

const oneHotOf = (labels: readonly number[], classes: number): Tensor =>
  cast(oneHot(tensor1d([...labels], 'int32'), classes), 'float32');

/** The ways to pass class ids. */
const forms: Readonly<Record<string, Loss>> = {
  'int32 ids': (y, z, labelSmoothing = 0) => hardTargetLoss(tensor1d([...y], 'int32'), z, { labelSmoothing }),
  'int32 ids [B, 1]': (y, z, labelSmoothing = 0) =>
    hardTargetLoss(tensor2d([...y], [y.length, 1], 'int32'), z, { labelSmoothing }),
  'float32 ids': (y, z, labelSmoothing = 0) => hardTargetLoss(tensor1d([...y]), z, { labelSmoothing }),
  'one-hot labels': (y, z, labelSmoothing = 0) =>
    hardTargetLossFromDistributions(oneHotOf(y, z.shape.at(-1) ?? 0), z, { labelSmoothing }),
};

const example = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc.record({
    z: fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: classes, maxLength: classes }),
    y: fc.integer({ min: 0, max: classes - 1 }),
    smoothing: fc.constantFrom(0, 0.1, 0.5, 1),
  }),
);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(Object.entries(forms))('from %s', (_name, loss) => {
    it.each(goldenCases<Params, Inputs>('hard_ce'))('agrees with PyTorch: $name', async (golden) => {
      const { params, inputs, expected } = golden;
      const { value, gradient } = await valueAndGradient(
        (x) => loss(inputs.labels, x, params.labelSmoothing),
        inputs.student,
        params.reduction === 'sum' ? 1 : inputs.student.length,
      );
      expectClose(value, expected.loss, { relative: 1e-6, absolute: 0 });
      expectClose(gradient, expected.gradStudent, { relative: 1e-5, absolute: 1e-7 });
    });

    it('is exact at the extremes', async () => {
      const z = tensor2d([[10, 0, -5], [10, 0, -5], [1e4, -1e4, 0], [-1e4, 1e4, 0]]); // prettier-ignore
      const [sure = NaN, wrong = NaN, ...extreme] = await loss([0, 2, 1, 1], z).data();
      expectClose(sure, 4.5705e-5, { relative: 1e-5, absolute: 0 });
      expectClose(wrong, 15.0000457, { relative: 1e-6, absolute: 0 });
      expectClose(extreme, [2e4, 0], { relative: 0, absolute: 0 });
      const gradient = await grad((x: Tensor) => loss([0, 2, 1, 1], x))(z).data();
      expect(Array.from(gradient).every(Number.isFinite)).toBe(true);
    });

    it('agrees with its definition in float64', async () => {
      await fc.assert(
        fc.asyncProperty(example, async ({ z, y, smoothing }) => {
          const logQ = float64.logSoftmax(z, 1);
          const mean = logQ.reduce((a, b) => a + b, 0) / z.length;
          const [value = NaN] = await loss([y], tensor2d([z]), smoothing).data();
          expectClose(value, -(1 - smoothing) * (logQ[y] ?? NaN) - smoothing * mean, {
            relative: 1e-6,
            absolute: 1e-12,
          });
          expect(value).toBeGreaterThanOrEqual(0);
        }),
        { numRuns: 50 },
      );
    });

    it.each([0, 0.1])('has the gradient of its definition, with smoothing %d', async (smoothing) => {
      const z = tensor2d([[3, 1, 0.5], [-2, 0, 2]]); // prettier-ignore
      const plain = (x: Tensor): Tensor => {
        const t = add(mul(oneHotOf([1, 2], 3), 1 - smoothing), smoothing / 3);
        return neg(sum(mul(t, logSoftmax(x)), -1));
      };
      const ours = (x: Tensor): Tensor => loss([1, 2], x, smoothing);
      const dy = tensor1d([2, -0.5]);
      expectClose(await grad(ours)(z, dy).data(), await grad(plain)(z, dy).array(), {
        relative: 1e-5,
        absolute: 1e-7,
      });
      expectClose(await grad(ours)(z).data(), numericGradient(ours, z), { relative: 1e-3, absolute: 1e-3 });
    });

    it('ignores a constant added to the logits', async () => {
      const [z, moved] = [tensor2d([[3, 1, 0.5]]), tensor2d([[103, 101, 100.5]])];
      expectClose(await loss([1], moved).data(), await loss([1], z).array(), { relative: 1e-6, absolute: 0 });
    });
  });

  it('takes positions of a sequence, as [B, L] and as [B, L, 1]', async () => {
    const rows = [[3, 1, 0.5], [1, 2, 3], [0, 0, 0], [1e4, 0, 0]]; // prettier-ignore
    const ids = [1, 0, 2, 0];
    const z = reshape(tensor2d(rows), [2, 2, 3]);
    const y = tensor2d(ids, [2, 2], 'int32');
    const expected = rows.map((row, index) => -(float64.logSoftmax(row, 1)[ids[index] ?? NaN] ?? NaN));
    for (const labels of [y, reshape(y, [2, 2, 1])]) {
      const loss = hardTargetLoss(labels, z);
      expect(loss.shape).toEqual([2, 2]);
      expectClose(await loss.data(), expected, { relative: 1e-6, absolute: 0 });
    }
  });

  it('takes soft labels', async () => {
    const labels = [0.2, 0.3, 0.5];
    const z = [3, 1, 0.5];
    const { value, gradient } = await valueAndGradient(
      (x) => hardTargetLossFromDistributions(tensor2d([labels]), x, { labelSmoothing: 0.3 }),
      [z],
      1,
    );
    const smoothed = labels.map((label) => 0.7 * label + 0.3 / 3);
    const [logQ, q] = [float64.logSoftmax(z, 1), float64.softmax(z, 1)];
    expectClose(value, -smoothed.reduce((total, t, i) => total + t * (logQ[i] ?? NaN), 0), {
      relative: 1e-6,
      absolute: 0,
    });
    expectClose(
      gradient,
      q.map((each, i) => each - (smoothed[i] ?? NaN)),
      { relative: 1e-5, absolute: 1e-7 },
    );
  });

  it('has no gradient with respect to the labels', () => {
    const both = (y: Tensor, z: Tensor): Tensor => hardTargetLossFromDistributions(y, z);
    const [labels, logits] = [tensor2d([[0.25, 0.75]]), tensor2d([[3, 1]])];
    expect(() => grads(both)([labels, logits])).toThrow('Cannot compute gradient');
    const [y, z] = [variable(labels), variable(logits)];
    expect(Object.keys(variableGrads(() => sum(both(y, z)), [y, z]).grads)).toEqual([z.name]);
  });

  it('is NaN for a label that names no class, only in that row, where the gradient is zero', async () => {
    const z = tensor2d(Array.from({ length: 6 }, () => [3, 1, 0.5]));
    const labels = tensor1d([3, -1, 0.5, NaN, Infinity, 1]);
    for (const labelSmoothing of [0, 0.1]) {
      const loss = (x: Tensor): Tensor => hardTargetLoss(labels, x, { labelSmoothing });
      const values = Array.from(await loss(z).data());
      expect(values.map(Number.isNaN)).toEqual([true, true, true, true, true, false]);
      const gradient = Array.from(await grad(loss)(z).data());
      expect(gradient.slice(0, 15).every((x) => x === 0)).toBe(true);
      expect(gradient.slice(15).every((x) => Number.isFinite(x) && x !== 0)).toBe(true);
    }
  });
});
