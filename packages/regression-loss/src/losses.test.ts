import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, goldenFile, numericGradient, useBackend } from '@kd/testing';
import type { GoldenCase } from '@kd/testing';
import { add, grad, grads, mul, sum, tensor, tensor1d, tensor2d, variable, variableGrads } from '@tensorflow/tfjs-core'; // prettier-ignore
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { losses, valuesOf } from '../test/losses.js';
import type { LossName, LossParams } from '../test/losses.js';
import { absoluteErrorLoss, huberLoss, squaredErrorLoss } from './index.js';

type Nested = number[] | Nested[];
interface Values {
  readonly student: Nested;
  readonly teacher: Nested;
  readonly trueValues?: Nested;
}
type Case = Omit<GoldenCase<LossParams, Values>, 'expected'> & {
  readonly loss: LossName;
  readonly expected: { readonly loss: Nested; readonly gradStudent: Nested };
};
const { cases } = goldenFile('regression-loss/values') as { readonly cases: readonly Case[] };

const close = { relative: 1e-6, absolute: 1e-7 };
const exact = { relative: 0, absolute: 0 };
const kinds: readonly [LossName, LossParams][] = [
  ['squaredErrorLoss', {}],
  ['absoluteErrorLoss', {}],
  ['huberLoss', {}],
  ['huberLoss', { delta: 0.3 }],
  ['teacherBoundedLoss', {}],
  ['teacherBoundedLoss', { margin: 0.7 }],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('agrees with PyTorch: $name', async ({ loss, params, inputs, expected }) => {
    const [student, teacher] = [tensor(inputs.student), tensor(inputs.teacher)];
    const trueValues = tensor(inputs.trueValues ?? inputs.teacher);
    const ours = (s: Tensor): Tensor => losses[loss](teacher, s, trueValues, params);
    const values = ours(student);
    expect(values.shape).toEqual(student.shape.slice(0, -1));
    expectClose(await values.data(), expected.loss, close);
    expectClose(await grad(ours)(student).data(), expected.gradStudent, close);
  });

  describe.each(kinds)('%s with %o', (name, params) => {
    const shape = [3, 4, 2];
    const [teacher, student, trueValues] = [
      () => valuesOf(shape, 1),
      () => valuesOf(shape, 2),
      () => valuesOf(shape, 3),
    ];
    const loss = (s: Tensor, t = teacher()): Tensor => losses[name](t, s, trueValues(), params);

    it('has the gradient of central differences', async () => {
      expectClose(await grad((s: Tensor) => loss(s))(student()).data(), numericGradient(loss, student()), {
        relative: 2e-3,
        absolute: 2e-3,
      });
    });

    it('passes the gradient of each position on to its own values', async () => {
      const weights = valuesOf([3, 4], 5);
      const slopes = await grad((s: Tensor) => loss(s))(student()).data();
      const weighted = await grad((s: Tensor) => mul(loss(s), weights))(student()).data();
      const factors = await weights.data();
      const expected = slopes.map((slope, index) => slope * (factors[index >> 1] ?? NaN));
      expectClose(weighted, Array.from(expected), close);
    });

    it('has no gradient with respect to the teacher', async () => {
      expect(() => grads((s: Tensor, t: Tensor) => loss(s, t))([student(), teacher()])).toThrow(
        'Cannot compute gradient',
      );
      const [t, s] = [variable(teacher()), variable(student())];
      const { grads: named } = variableGrads(() => sum(loss(s, t)), [t, s]);
      expect(Object.keys(named)).toEqual([s.name]);
      // If both sides depend on one variable, the gradient comes only from the student's side.
      const shift = valuesOf(shape, 4);
      const shared = grad((x: Tensor) => loss(x, add(x, shift)))(student());
      const alone = grad((x: Tensor) => loss(x, add(student(), shift)))(student());
      expectClose(await shared.data(), await alone.array(), exact);
    });

    it('keeps the NaN of a student and of a target in their row', async () => {
      const rows = (odd: number): Tensor => tensor2d([[0.5, 3], [odd, 2], [1, -1]]); // prettier-ignore
      const others = (): Tensor => tensor2d([[4, -1], [0, 0], [5, 2]]); // prettier-ignore
      const spoilt = [
        losses[name](others(), rows(NaN), valuesOf([3, 2], 3), params),
        losses[name](rows(NaN), others(), valuesOf([3, 2], 3), params),
        losses[name](rows(1), others(), rows(NaN), params),
      ].slice(0, name === 'teacherBoundedLoss' ? 3 : 2);
      for (const values of spoilt)
        expect(Array.from(await values.data(), Number.isNaN)).toEqual([false, true, false]);
    });

    it('and its gradient are finite for values of ±1e15', async () => {
      const far = (): Tensor => tensor2d([[1e15, -1e15], [-1e15, 1]]); // prettier-ignore
      const near = (): Tensor => tensor2d([[-1e15, 1e15], [1e15, 0]]); // prettier-ignore
      const ours = (s: Tensor): Tensor => losses[name](near(), s, near(), params);
      const numbers = [...(await ours(far()).data()), ...(await grad(ours)(far()).data())];
      expect(numbers.every((x) => Number.isFinite(x))).toBe(true);
    });
  });

  it.each(kinds.slice(0, 4))(
    '%s with %o is zero at equality, and so is its gradient',
    async (name, params) => {
      const same = valuesOf([2, 3], 1);
      const ours = (s: Tensor): Tensor => losses[name](same, s, same, params);
      expectClose(await ours(same).data(), [0, 0], exact);
      expectClose(await grad(ours)(same).data(), [0, 0, 0, 0, 0, 0], exact);
    },
  );

  it('huberLoss has δ = 1 by default', async () => {
    const [t, s] = [valuesOf([3, 4], 1), valuesOf([3, 4], 2)];
    expectClose(await huberLoss(t, s).data(), await huberLoss(t, s, { delta: 1 }).array(), exact);
  });

  it('huberLoss is half the squared error, or δ times the absolute one less δ/2, far from its turn', async () => {
    const [t, s] = [valuesOf([3, 4], 1), valuesOf([3, 4], 2)];
    const half = Array.from(await squaredErrorLoss(t, s).data(), (x) => x / 2);
    expectClose(await huberLoss(t, s, { delta: 100 }).data(), half, close);
    const lines = Array.from(await absoluteErrorLoss(t, s).data(), (x) => 1e-3 * (x - 5e-4));
    expectClose(await huberLoss(t, s, { delta: 1e-3 }).data(), lines, { relative: 1e-4, absolute: 0 });
  });
});

describe('in float64', () => {
  beforeAll(() => useBackend('cpu'));

  const value = fc.float({ min: -100, max: 100, noNaN: true });
  const pair = fc
    .integer({ min: 1, max: 6 })
    .chain((length) => fc.array(fc.tuple(value, value), { minLength: length, maxLength: length }));

  it('the losses are their definitions', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.constantFrom(0.25, 1, 7), async (rows, delta) => {
        const [t, s] = [rows.map(([x]) => x), rows.map(([, x]) => x)];
        const at = async (loss: (t: Tensor, s: Tensor) => Tensor): Promise<number> =>
          (await loss(tensor2d([t]), tensor2d([s])).data())[0] ?? NaN;
        expectClose(await at(squaredErrorLoss), float64.squaredError(t, s), {
          relative: 1e-5,
          absolute: 1e-9,
        });
        expectClose(await at(absoluteErrorLoss), float64.absoluteError(t, s), {
          relative: 1e-5,
          absolute: 1e-6,
        });
        expectClose(await at((a, b) => huberLoss(a, b, { delta })), float64.huber(t, s, delta), {
          relative: 1e-5,
          absolute: 1e-6,
        });
      }),
    );
  });

  it('one value per example is a row of one', async () => {
    const values = squaredErrorLoss(tensor2d([[1], [2]]), tensor2d([[4], [2]]));
    expectClose(await values.data(), [9, 0], exact);
    expect(values.shape).toEqual(tensor1d([9, 0]).shape);
  });
});
