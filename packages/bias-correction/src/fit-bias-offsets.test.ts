import { backends, expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { softmax as softmaxOfTensor, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy, meanOfRows, softmax } from '../test/float64.js';
import { fitBiasOffsets } from './fit-bias-offsets.js';

const exact = { relative: 1e-9, absolute: 1e-9 };

// Solved by mpmath's findroot on the equality of means, with 30 digits; all inputs are float32 numbers.
const logits = [[2, 0, -1, 0.5], [0, 3, -2, -0.5], [-1.5, 1, -4, 2], [4, -1, -3, 0], [0.25, 0.75, -6, 1], [1, -2, 0, -1]]; // prettier-ignore
const probabilities = [[0.5, 0.125, 0.25, 0.125], [0.125, 0.625, 0.125, 0.125], [0, 0.25, 0.5, 0.25], [0.75, 0, 0.125, 0.125], [0.25, 0.25, 0.375, 0.125], [0.125, 0.125, 0.5, 0.25]]; // prettier-ignore
const references = [
  { classes: [2], offsets: [0, 0, 3.75537252620554, 0], after: 1.69132066391417 },
  { classes: [2, 0], offsets: [0.463604927712805, 0, 3.98131421182563, 0], after: 1.68335199272243 },
  {
    classes: undefined,
    offsets: [-0.642972465509166, -0.988090675418778, 2.89119612322932, -1.26013298230138],
    after: 1.68063178247757,
  },
];

/** Here the cross-entropy has no lower float64 while the means still differ by 2e-8. */
const flat = {
  z: [[-24, -56, -16, 0, 16], [-16, -16, 24, 16, -16]], // prettier-ignore
  p: [[50, 19, 47, 6, 3], [24, 4.5, 9, 3, 21.5]].map((counts) => softmax(counts.map(Math.log)).map(Math.fround)), // prettier-ignore
  corrected: [3, 0],
};

/** Rows of logits and probabilities that are exact in float32, and the corrected classes. */
const problems = fc
  .record({
    rows: fc.integer({ min: 1, max: 8 }),
    classes: fc.integer({ min: 2, max: 5 }),
    scale: fc.constantFrom(0.125, 1, 8),
  })
  .chain(({ rows, classes, scale }) => {
    const row = (element: fc.Arbitrary<number>) =>
      fc.array(element, { minLength: classes, maxLength: classes });
    const table = (element: fc.Arbitrary<number>) =>
      fc.array(row(element), { minLength: rows, maxLength: rows });
    return fc.record({
      z: table(fc.integer({ min: -8, max: 8 }).map((x) => x * scale)),
      p: table(fc.integer({ min: 1, max: 64 })).map((counts) =>
        counts.map((each) => softmax(each.map(Math.log)).map(Math.fround)),
      ),
      corrected: fc.uniqueArray(fc.integer({ min: 0, max: classes - 1 }), { minLength: 1 }),
    });
  });

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(references)('agrees with the reference for $classes', async ({ classes, offsets, after }) => {
    const correction = await fitBiasOffsets(
      tensor2d(probabilities),
      tensor2d(logits),
      classes === undefined ? {} : { classes },
    );
    expectClose(correction.offsets, offsets, exact);
    expectClose(correction.before, 2.25667707457301, exact);
    expectClose(correction.after, after, exact);
  });
});

describe('fitBiasOffsets', () => {
  beforeAll(() => useBackend('cpu'));

  it('finds the closed form: for one row, log p - z', async () => {
    const p = [0.5, 0.25, 0.125, 0.125];
    const z = [1, -2, 0.5, 3];
    const { offsets } = await fitBiasOffsets(tensor2d([p]), tensor2d([z]));
    const known = p.map((each, c) => Math.log(each) - (z[c] ?? NaN));
    const mean = known.reduce((a, b) => a + b) / 4;
    expectClose(offsets, known.map((each) => each - mean), exact); // prettier-ignore
    const two = await fitBiasOffsets(tensor2d([[0.25, 0.75]]), tensor2d([[0, 0]]), { classes: [1] });
    expectClose(two.offsets, [0, Math.log(3)], exact);
    expectClose(two.after, -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), exact);
  });

  it('undoes what was added to the logits of the teacher itself', async () => {
    const teacher = [[4, 0, 1], [-1, 2, 0], [0, -3, 5], [1, 1, 1]]; // prettier-ignore
    const student = teacher.map(([a = 0, b = 0, c = 0]) => [a - 3.5, b, c + 7.5]);
    const p = tensor2d(teacher.map((row) => softmax(row)));
    const correction = await fitBiasOffsets(p, tensor2d(student), { classes: [0, 2] });
    // The teacher's probabilities are rounded to float32.
    expectClose(correction.offsets, [3.5, 0, -7.5], { relative: 1e-6, absolute: 1e-6 });
  });

  it('makes the mean probabilities equal, which is the minimum, and touches no other class', async () => {
    await fc.assert(
      fc.asyncProperty(problems, async ({ z, p, corrected }) => {
        const { offsets, before, after } = await fitBiasOffsets(tensor2d(p), tensor2d(z), {
          classes: corrected,
        });
        const q = meanOfRows(z.map((row) => softmax(row, offsets)));
        // The rows of p sum to one up to rounding, so normalise them.
        const wanted = meanOfRows(p.map((row) => row.map((x) => x / row.reduce((a, b) => a + b))));
        for (const c of corrected) expectClose(q[c] ?? NaN, wanted[c], { relative: 1e-7, absolute: 1e-8 });
        const all = corrected.length === offsets.length;
        if (all)
          expectClose(offsets.reduce((a, b) => a + b), 0, exact); // prettier-ignore
        else expect(offsets.filter((offset, c) => !corrected.includes(c) && offset !== 0)).toEqual([]);
        const normal = p.map((row) => row.map((x) => x / row.reduce((a, b) => a + b)));
        expectClose(before, crossEntropy(normal, z), exact);
        expectClose(after, crossEntropy(normal, z, offsets), exact);
        for (const c of corrected) {
          for (const step of [-0.05, 0.05]) {
            const aside = crossEntropy(normal, z, offsets.with(c, (offsets[c] ?? NaN) + step));
            expect(aside).toBeGreaterThan(after);
          }
        }
      }),
      { numRuns: 100, examples: [[flat]] },
    );
  });

  it('ignores a constant added to a row, and repetition of all rows', async () => {
    const shifted = logits.map((row, index) => row.map((x) => x + 16 * index));
    const options = { classes: [2] };
    const moved = await fitBiasOffsets(tensor2d(probabilities), tensor2d(shifted), options);
    const twice = (rows: number[][]): Tensor => tensor2d([...rows, ...rows]);
    const doubled = await fitBiasOffsets(twice(probabilities), twice(logits), options);
    for (const { offsets, before } of [moved, doubled]) {
      expectClose(offsets, references[0]?.offsets, exact);
      expectClose(before, 2.25667707457301, exact);
    }
  });

  it('follows the order of the classes', async () => {
    const order = [3, 1, 0, 2];
    const by = (row: readonly number[]): number[] => order.map((c) => row[c] ?? NaN);
    const correction = await fitBiasOffsets(tensor2d(probabilities.map(by)), tensor2d(logits.map(by)));
    expectClose(correction.offsets, by(references[2]?.offsets ?? []), exact);
  });

  it('reaches a class whose probability underflows, however far away it is', async () => {
    const far = Array.from({ length: 10 }, (_, row) => (row < 5 ? [1e4, 0] : [0, 1e4]));
    const { offsets, before, after } = await fitBiasOffsets(
      tensor2d(far.map(() => [0.75, 0.25])),
      tensor2d(far),
      {
        classes: [0],
      },
    );
    // Half of the rows have class 0 for certain; the other half contribute a quarter: sigmoid(b - 1e4) = 1/2.
    expectClose(offsets, [1e4, 0], { relative: 1e-9, absolute: 0 });
    expectClose(before, 0.5 * 0.25 * 1e4 + 0.5 * 0.75 * 1e4, { relative: 1e-9, absolute: 0 });
    expect(after).toBeLessThan(before);
  });

  it('takes one-hot labels for probabilities: the means become the shares of the classes', async () => {
    const z = [[2, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0.5]]; // prettier-ignore
    const labels = [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
    const { offsets } = await fitBiasOffsets(tensor2d(labels), tensor2d(z));
    expectClose(meanOfRows(z.map((row) => softmax(row, offsets))), [0.25, 0.5, 0.25], exact);
  });

  it('accepts zero probability for classes that keep their bias, if another such class has some', async () => {
    const correction = await fitBiasOffsets(tensor2d([[0.5, 0.5, 0]]), tensor2d([[0, 0, 0]]), {
      classes: [0],
    });
    // q_0 = e^b / (e^b + 2) = 1/2.
    expectClose(correction.offsets, [Math.log(2), 0, 0], exact);
  });

  it('reads the tensors without disposing them, and leaks no other tensor', async () => {
    await expectNoLeak(async () => {
      const z = tensor2d(logits);
      const p = softmaxOfTensor(z);
      await fitBiasOffsets(p, z);
      expect([z.isDisposed, p.isDisposed]).toEqual([false, false]);
      for (const each of [z, p]) each.dispose();
    });
  });
});
