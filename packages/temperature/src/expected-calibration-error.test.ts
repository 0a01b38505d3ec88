import { backends, expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { calibrationCases } from '../test/golden.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { softmaxAtTemperature } from './softmax-at-temperature.js';

const exactly = { relative: 1e-7, absolute: 1e-7 };
const rows = fc.array(
  fc.record({
    logits: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 4, maxLength: 4 }),
    label: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 20 },
);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(calibrationCases())('agrees with the reference: $name', async ({ params, inputs, expected }) => {
    const labels = tensor1d(inputs.labels, 'int32');
    const at = (T: number) => softmaxAtTemperature(tensor2d(inputs.student), T);
    const tolerance = { relative: 1e-6, absolute: 0 };
    expect(params.bins).toBe(15);
    expectClose(await expectedCalibrationError(at(1), labels), expected.ece, tolerance);
    expectClose(
      await expectedCalibrationError(at(expected.optimalTemperature), labels, params),
      expected.eceAtOptimum,
      tolerance,
    );
  });
});

describe('expectedCalibrationError', () => {
  beforeAll(() => useBackend('cpu'));

  it('is zero where confidence equals accuracy', async () => {
    const probabilities = tensor2d(Array.from({ length: 4 }, () => [0.75, 0.25]));
    expect(await expectedCalibrationError(probabilities, tensor1d([0, 0, 0, 1]))).toBe(0);
  });

  it('counts a confidence on the edge of two bins in the lower one', async () => {
    // In bins (0, 0.5] and (0.5, 1]: |1 - 0.5| / 2 + |0 - 0.625| / 2. In one bin they would nearly cancel.
    const probabilities = tensor2d([
      [0.5, 0.25, 0.25],
      [0.625, 0.375, 0],
    ]);
    const labels = tensor1d([0, 1], 'int32');
    expectClose(await expectedCalibrationError(probabilities, labels, { bins: 2 }), 0.5625, exactly);
    expectClose(await expectedCalibrationError(probabilities, labels, { bins: 1 }), 0.0625, exactly);
  });

  it('accepts a confidence of one, and any number of bins', async () => {
    const probabilities = tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const labels = tensor1d([0, 0], 'int32');
    expect(await expectedCalibrationError(probabilities, labels)).toBe(0.5);
    expect(await expectedCalibrationError(probabilities, labels, { bins: Number.MAX_SAFE_INTEGER })).toBe(
      0.5,
    );
  });

  it('lies between 0 and 1, does not depend on the order of rows, and grows with finer bins', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const error = (of: typeof given, bins: number) =>
          expectedCalibrationError(
            tensor2d(of.map(({ logits }) => float64.softmax(logits, 1))),
            tensor1d(
              of.map(({ label }) => label),
              'int32',
            ),
            { bins },
          );
        const coarse = await error(given, 5);
        expect(coarse).toBeGreaterThanOrEqual(0);
        expect(coarse).toBeLessThanOrEqual(1);
        expectClose(await error([...given].reverse(), 5), coarse, exactly);
        expect(await error(given, 15)).toBeGreaterThanOrEqual(coarse - 1e-9);
      }),
    );
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      const probabilities = tensor2d([[1, 0]]);
      const labels = tensor1d([0], 'int32');
      await expectedCalibrationError(probabilities, labels);
      probabilities.dispose();
      labels.dispose();
    });
  });
});
