// Properties of every loss between the logits of a teacher and a student.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import {
  grad,
  grads,
  reshape,
  stack,
  sum,
  tensor,
  tensor2d,
  tidy,
  valueAndGrad,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { losses } from '../test/losses.js';

const temperatures = [0.5, 1, 2, 4, 20];
const temperature = fc.constantFrom(...temperatures);
const logit = fc.float({ min: -8, max: 8, noNaN: true });
/** A row of logits for the teacher and one for the student. */
const pair = fc
  .integer({ min: 2, max: 6 })
  .chain((classes) => fc.array(fc.tuple(logit, logit), { minLength: classes, maxLength: classes }))
  .map((columns) => ({ v: columns.map(([a]) => a), z: columns.map(([, b]) => b) }));
/** A student that differs from its teacher by at most a thousandth. */
const nearlyEqual = pair.map(({ v, z }) => ({
  v,
  z: v.map((x, index) => Math.fround(x + (z[index] ?? 0) / 8000)),
}));
const teacher = () => tensor2d([[1, 2, 3], [0.5, -4, 2], [0, 0, 0]]); // prettier-ignore
const student = () => tensor2d([[3, 1, 0.5], [1, -2, 2.5], [-1, 0, 1]]); // prettier-ignore

/**
 * The error that float32 logits allow for: two of the seven digits of the value itself, and a logarithm off
 * by 4e-7, which changes a loss L by up to T sqrt(2 L) times as much.
 */
const allowed = (L: number, T: number): number =>
  2e-6 * L + 4e-7 * Math.max(1, T) * Math.sqrt(2 * L) + 1e-12 * T * T;

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(losses)('$name', ({ loss, plain, float64, zeroAtEquality, blindToShift, seesTail }) => {
    const valueOf = async (v: number[], z: number[], T: number): Promise<number> => {
      const [value = NaN] = await tidy(() => loss(tensor2d([v]), tensor2d([z]), T)).data();
      return value;
    };

    it('agrees with its definition in float64, and is never negative', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(pair, nearlyEqual), temperature, async ({ v, z }, T) => {
          const [value, expected] = [await valueOf(v, z, T), Math.max(0, float64(v, z, T))];
          expect(value).toBeGreaterThanOrEqual(0);
          expectClose(value, expected, { relative: 0, absolute: allowed(expected, T) });
        }),
        { numRuns: 60 },
      );
    });

    if (zeroAtEquality)
      it('is zero for equal logits', async () => {
        await fc.assert(
          fc.asyncProperty(pair, temperature, async ({ v }, T) => {
            expect(await valueOf(v, v, T)).toBeLessThanOrEqual(1e-12 * T * T);
          }),
          { numRuns: 20 },
        );
      });

    if (blindToShift)
      it('ignores a constant added to the logits', async () => {
        // Integers and eighths, so that adding the constant rounds nothing.
        const coarse = pair.map(({ v, z }) => ({
          v: v.map(Math.round),
          z: z.map((x) => Math.round(x * 8) / 8),
        }));
        const constant = fc.integer({ min: -100, max: 100 });
        await fc.assert(
          fc.asyncProperty(coarse, temperature, constant, constant, async ({ v, z }, T, a, b) => {
            const moved = await valueOf(
              v.map((x) => x + a),
              z.map((x) => x + b),
              T,
            );
            const expected = await valueOf(v, z, T);
            expectClose(moved, expected, { relative: 0, absolute: 2 * allowed(expected, T) });
          }),
          { numRuns: 20 },
        );
      });

    it('does not depend on the order of classes', async () => {
      await fc.assert(
        fc.asyncProperty(pair, temperature, async ({ v, z }, T) => {
          const expected = await valueOf(v, z, T);
          const turned = await valueOf([...v].reverse(), [...z].reverse(), T);
          expectClose(turned, expected, { relative: 0, absolute: allowed(expected, T) });
        }),
        { numRuns: 20 },
      );
    });

    it('computes each row independently', async () => {
      const rows = await loss(teacher(), student(), 4).array();
      const [v, z] = [await teacher().array(), await student().array()];
      const alone = await Promise.all(v.map((row, index) => valueOf(row, z[index] ?? [], 4)));
      // TensorFlow computes exponentials in groups of four and the rest one by one, with different rounding.
      expectClose(alone, rows, { relative: 3e-6, absolute: 0 });
    });

    it('has one value per example and position', async () => {
      const [v, z] = [teacher(), student()];
      const deep = loss(stack([v, z]), stack([z, v]), 2);
      expect(deep.shape).toEqual([2, 3]);
      const expected = [await loss(v, z, 2).array(), await loss(z, v, 2).array()];
      expectClose(await deep.data(), expected, { relative: 1e-6, absolute: 0 });
      expect(loss(reshape(v, [1, 1, 3, 3]), reshape(z, [1, 1, 3, 3]), 2).shape).toEqual([1, 1, 3]);
    });

    it.each(temperatures)('has the gradient of its definition at T = %d', async (T) => {
      const [v, z] = [teacher(), student()];
      const dy = tensor([1, -2, 0.5]);
      const ours = grad((x: Tensor) => loss(v, x, T))(z, dy);
      expect(ours.shape).toEqual(z.shape);
      const expected = await grad((x: Tensor) => plain(v, x, T))(z, dy).array();
      expectClose(await ours.data(), expected, { relative: 1e-4, absolute: 2e-6 * T });
    });

    it.each(temperatures)('has the gradient of central differences at T = %d', async (T) => {
      const [v, z] = [teacher(), student()];
      const gradient = await grad((x: Tensor) => loss(v, x, T))(z).data();
      expectClose(
        gradient,
        numericGradient((x) => loss(v, x, T), z),
        { relative: 2e-3, absolute: 2e-3 + 1e-5 * T * T },
      );
    });

    it('has no gradient with respect to the teacher', () => {
      const both = (v: Tensor, z: Tensor): Tensor => loss(v, z, 4);
      expect(() => grads(both)([teacher(), student()])).toThrow('Cannot compute gradient');
      const [v, z] = [variable(teacher()), variable(student())];
      const { grads: named } = variableGrads(() => sum(loss(v, z, 4)), [v, z]);
      expect(Object.keys(named)).toEqual([z.name]);
    });

    it.each([1, 4])('is finite at ±1e4, and so is its gradient, at T = %d', async (T) => {
      const v = [[1e4, -1e4, 0], [0, 0, 1e4], [1e4, 1e4, -1e4]]; // prettier-ignore
      const z = [[-1e4, 1e4, 0], [0, 0, 1e4], [-1e4, 0, 1e4]]; // prettier-ignore
      const { value, grad: gradient } = valueAndGrad((x: Tensor) => loss(tensor2d(v), x, T))(tensor2d(z));
      expect(Array.from(await gradient.data()).every(Number.isFinite)).toBe(true);
      const values = await value.data();
      expect(Array.from(values).every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
      if (!seesTail) return;
      expectClose(
        values,
        v.map((row, index) => float64(row, z[index] ?? [], T)),
        { relative: 1e-5, absolute: 1e-6 },
      );
    });
  });
});
