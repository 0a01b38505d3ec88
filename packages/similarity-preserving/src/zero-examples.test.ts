// Examples whose features vanish, absolutely or compared with the others, and very large ones.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { tensor2d, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { rowsToUnitLength, rowsToUnitSum } from './normalize-rows.js';
import { similarityPreservingLoss } from './similarity-preserving-loss.js';

const teacher = [[1, 2, 0], [-1, 1, 1], [0, 2, -1], [1, 0, 1]]; // prettier-ignore
const student = [[2, 1], [-1, 2], [1, 1], [3, -1]]; // prettier-ignore
const scaledRows = (rows: number[][], factors: number[]): number[][] =>
  rows.map((row, at) => row.map((x) => x * (factors[at] ?? NaN)));
const largest = (slopes: readonly number[]): number => Math.max(...slopes.map(Math.abs));

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each([
    ['rowsToUnitLength', rowsToUnitLength, float64.length],
    ['rowsToUnitSum', rowsToUnitSum, float64.absoluteSum],
  ] as const)('with %s', (_name, normalize, norm) => {
    const evaluate = (t: number[][], s: number[][]) =>
      valueAndGradient((x) => similarityPreservingLoss(tensor2d(t), x, { normalize }), tensor2d(s));

    it('a zero example has a row of zeros, and a small gradient through the rows of the others', async () => {
      const dead = scaledRows(student, [1, 0, 1, 1]);
      const { value, gradient } = await evaluate(teacher, dead);
      expectClose(value, float64.similarityPreserving(teacher, dead, norm), { relative: 1e-5, absolute: 0 });
      // The effect of moving it on the rows of the others, in float64.
      const ofOthers = (shift: number, feature: number): number => {
        const moved = dead.map((row, at) => row.map((x, i) => (at === 1 && i === feature ? shift : x)));
        const squares = [moved, teacher]
          .map((rows) => float64.normalisedSimilarities(rows, norm).toSpliced(1, 1).flat())
          .reduce((ours, theirs) => ours.map((g, i) => (g - (theirs[i] ?? NaN)) ** 2));
        return squares.reduce((a, b) => a + b) / 16;
      };
      const expected = [0, 1].map((feature) => (ofOthers(1e-6, feature) - ofOthers(-1e-6, feature)) / 2e-6);
      expectClose(gradient.slice(2, 4), expected, { relative: 1e-4, absolute: 1e-6 });
      expect(largest(expected)).toBeGreaterThan(1e-3);
    });

    it('a zero example of the teacher pulls nothing apart', async () => {
      const dead = scaledRows(teacher, [1, 0, 1, 1]);
      const { value, gradient } = await evaluate(dead, student);
      expectClose(value, float64.similarityPreserving(dead, student, norm), { relative: 1e-5, absolute: 0 });
      expect(largest(gradient)).toBeLessThan(1);
    });

    it('all zeros on either side give a finite loss without a gradient', async () => {
      const none = [[0, 0], [0, 0], [0, 0], [0, 0]]; // prettier-ignore
      for (const [t, s] of [
        [teacher, none],
        [none, none],
        [none, student],
      ] as const) {
        const { value, gradient } = await evaluate(t, s);
        expectClose(value, float64.similarityPreserving(t, s, norm), { relative: 1e-5, absolute: 0 });
        expect(gradient.every(Number.isFinite)).toBe(true);
        if (s === none) expectClose(gradient, Array<number>(8).fill(0), { relative: 0, absolute: 0 });
      }
      const one = similarityPreservingLoss(zeros([1, 3]), zeros([1, 2]), { normalize });
      expect(await one.array()).toBe(0);
    });

    it.each([1e-2, 1e-4, 1e-5])(
      'an example of %d times the size of the others keeps its direction',
      async (share) => {
        const small = scaledRows(student, [1, share, 1, 1]);
        const { value, gradient } = await evaluate(teacher, small);
        expectClose(value, float64.similarityPreserving(teacher, small, norm), {
          relative: 1e-4,
          absolute: 0,
        });
        expect(largest(gradient) * share).toBeLessThan(2);
      },
    );

    it.each([1e-7, 1e-12, 1e-30, 1e-40])(
      'an example of %d times the size of the others counts as zero',
      async (share) => {
        const vanishing = await evaluate(teacher, scaledRows(student, [1, share, 1, 1]));
        const dead = await evaluate(teacher, scaledRows(student, [1, 0, 1, 1]));
        const close = { relative: 1e-5, absolute: 1e-6 };
        expectClose(vanishing.value, dead.value, close);
        // Its own slopes may differ: similarities to it are zero, where a sum of absolute values has a kink.
        const ofOthers = (slopes: number[]): number[] => slopes.toSpliced(2, 2);
        expectClose(ofOthers(vanishing.gradient), ofOthers(dead.gradient), close);
        expect(largest(vanishing.gradient)).toBeLessThan(1);
      },
    );

    it.each([1e4, 1e18, 1e30])(
      'features of ±%d are finite beside small ones, and so are gradients',
      async (scale) => {
        const large = scaledRows(student, [scale, -scale, 1, 1e-3]);
        const { value, gradient } = await evaluate(teacher, large);
        expect(Number.isFinite(value) && value >= 0).toBe(true);
        expect(gradient.every(Number.isFinite)).toBe(true);
      },
    );

    it.each([1e-12, 1e-20, 1e-40])(
      'a batch of features of %d is finite, and so are gradients',
      async (scale) => {
        const { value, gradient } = await evaluate(
          teacher,
          scaledRows(student, [scale, scale, scale, scale]),
        );
        expect(Number.isFinite(value)).toBe(true);
        expect(largest(gradient)).toBeLessThan(1e13);
      },
    );
  });
});
