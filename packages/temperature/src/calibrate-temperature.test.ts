import { backends, expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { mul, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { calibrationCases } from '../test/golden.js';
import { calibrateTemperature } from './calibrate-temperature.js';

const ids = (...labels: number[]) => tensor1d(labels, 'int32');

/** A row right with log-odds a, a row wrong with log-odds b < a, and further ones: never unbounded. */
const heldOut = fc
  .record({
    right: fc.double({ min: 2, max: 6, noNaN: true }),
    wrong: fc.double({ min: 0.1, max: 1.5, noNaN: true }),
    copies: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ right, wrong, copies }) => ({
    logits: [...Array.from({ length: copies }, () => [right, 0, -1]), [0, wrong, -2]].map((row) =>
      row.map(Math.fround),
    ),
    labels: Array.from({ length: copies + 1 }, () => 0),
  }));

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(calibrationCases())('agrees with the reference: $name', async ({ inputs, expected }) => {
    const { temperature, before, after } = await calibrateTemperature(
      tensor2d(inputs.student),
      ids(...inputs.labels),
    );
    expect(Math.abs(temperature - expected.optimalTemperature)).toBeLessThan(1e-4);
    expect(Math.abs(before - expected.nll)).toBeLessThan(1e-6);
    expect(Math.abs(after - expected.nllAtOptimum)).toBeLessThan(1e-6);
  });

  it('finds an optimum known in closed form', async () => {
    // Three of four right with log-odds of 4: the best log-odds are those of 3/4.
    const { temperature, after } = await calibrateTemperature(
      tensor2d([
        [4, 0],
        [4, 0],
        [4, 0],
        [4, 0],
      ]),
      tensor1d([0, 0, 0, 1]),
    );
    expectClose(temperature, 4 / Math.log(3), { relative: 1e-7, absolute: 0 });
    expectClose(after, -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), { relative: 1e-7, absolute: 0 });
  });
});

describe('calibrateTemperature', () => {
  beforeAll(() => useBackend('cpu'));

  it('is where the derivative of the likelihood is zero, and no worse than T = 1', async () => {
    await fc.assert(
      fc.asyncProperty(heldOut, async ({ logits, labels }) => {
        const { temperature, before, after } = await calibrateTemperature(tensor2d(logits), ids(...labels));
        // d NLL / d (1/T) = mean (sum_j p_j z_j - z_y)
        const slopes = logits.map((row, index) => {
          const p = float64.softmax(row, temperature);
          return row.reduce((sum, z, j) => sum + z * (p[j] ?? 0), 0) - (row[labels[index] ?? 0] ?? 0);
        });
        expect(Math.abs(slopes.reduce((a, b) => a + b, 0) / slopes.length)).toBeLessThan(1e-6);
        expectClose(before, float64.negativeLogLikelihood(logits, labels, 1), {
          relative: 1e-9,
          absolute: 1e-12,
        });
        expect(after).toBeLessThanOrEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it('grows with the logits', async () => {
    await fc.assert(
      fc.asyncProperty(heldOut, fc.constantFrom(0.125, 0.5, 2, 64), async ({ logits, labels }, factor) => {
        const plain = await calibrateTemperature(tensor2d(logits), ids(...labels));
        const scaled = await calibrateTemperature(mul(tensor2d(logits), factor), ids(...labels));
        expectClose(scaled.temperature, plain.temperature * factor, { relative: 1e-6, absolute: 0 });
        expectClose(scaled.after, plain.after, { relative: 1e-9, absolute: 0 });
      }),
      { numRuns: 30 },
    );
  });

  it('ignores a constant added to a row', async () => {
    const logits = [
      [4, 0],
      [4, 0],
      [0, 1],
    ];
    const plain = await calibrateTemperature(tensor2d(logits), ids(0, 0, 0));
    const shifted = await calibrateTemperature(
      tensor2d(logits.map((row, index) => row.map((z) => z + 64 * index))),
      ids(0, 0, 0),
    );
    expectClose(shifted.temperature, plain.temperature, { relative: 1e-7, absolute: 0 });
  });

  it.each([
    ['all rows are right', [[4, 0], [3, 1]], [0, 0]], // prettier-ignore
    ['all rows are right by far', [[1000, 0], [900, 1]], [0, 0]], // prettier-ignore
    ['a label shares the largest logit', [[1000, 1000, 0]], [0]], // prettier-ignore
    ['the best is below 0.001', [[4e-5, 0], [4e-5, 0], [0, 1e-6]], [0, 0, 0]], // prettier-ignore
  ])('has no answer where %s', async (_name, logits, labels) => {
    const body = () => calibrateTemperature(tensor2d(logits), ids(...labels));
    await expectKdError(body, 'KD_CALIBRATION_UNBOUNDED', 'at T = 0.001', 'the held-out set');
  });

  it.each([
    ['the labels are the least likely', [[4, 0], [3, 1]], [1, 1]], // prettier-ignore
    ['the model is at chance', [[4, 0], [4, 0]], [0, 1]], // prettier-ignore
    ['the logits are constant', [[2, 2, 2]], [0]], // prettier-ignore
    ['the best is above 1000', [[4e4, 0], [4e4, 0], [0, 3e4]], [0, 0, 0]], // prettier-ignore
  ])('has no answer where %s', async (_name, logits, labels) => {
    const body = () => calibrateTemperature(tensor2d(logits), ids(...labels));
    await expectKdError(body, 'KD_CALIBRATION_UNBOUNDED', 'at T = 1000', 'the held-out set');
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      const logits = tensor2d([
        [4, 0],
        [0, 1],
      ]);
      const labels = ids(0, 0);
      await calibrateTemperature(logits, labels);
      logits.dispose();
      labels.dispose();
    });
  });
});
