import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrationCases } from '../test/golden.js';
import { calibrationBins } from './calibration-bins.js';
import { softmaxAtTemperature } from './softmax-at-temperature.js';

beforeAll(() => useBackend('cpu'));

describe('calibrationBins', () => {
  it('has the means of each bin that has examples, in order', async () => {
    const rows = [
      [0.9375, 0.0625],
      [0.5, 0.5],
      [0.1875, 0.8125],
      [0.375, 0.625],
    ];
    // In tenths: 0.5 is in (0.4, 0.5], 0.625 in (0.6, 0.7], 0.8125 in (0.8, 0.9], 0.9375 in (0.9, 1].
    const labels = tensor1d([0, 1, 1, 0], 'int32');
    expect(await calibrationBins(tensor2d(rows), labels, { bins: 10 })).toEqual([
      { from: 0.4, to: 0.5, count: 1, confidence: 0.5, accuracy: 0 },
      { from: 0.6, to: 0.7, count: 1, confidence: 0.625, accuracy: 0 },
      { from: 0.8, to: 0.9, count: 1, confidence: 0.8125, accuracy: 1 },
      { from: 0.9, to: 1, count: 1, confidence: 0.9375, accuracy: 1 },
    ]);
    const [only] = await calibrationBins(tensor2d(rows), labels, { bins: 1 });
    expect(only).toEqual({ from: 0, to: 1, count: 4, confidence: 0.71875, accuracy: 0.5 });
  });

  it.each(calibrationCases())('sums to the reference error: $name', async ({ inputs, expected }) => {
    const probabilities = softmaxAtTemperature(tensor2d(inputs.student), 1);
    const bins = await calibrationBins(probabilities, tensor1d(inputs.labels, 'int32'));
    const gaps = bins.map(({ count, accuracy, confidence }) => count * Math.abs(accuracy - confidence));
    const error = gaps.reduce((sum, gap) => sum + gap) / inputs.labels.length;
    expectClose(error, expected.ece, { relative: 1e-6, absolute: 0 });
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(inputs.labels.length);
  });

  it('refuses rows that do not sum to one, and half a bin', async () => {
    const labels = tensor1d([0], 'int32');
    await expectKdError(() => calibrationBins(tensor2d([[2, 1]]), labels), 'KD_PROBABILITY_RANGE', 'sum 3');
    await expectKdError(
      () => calibrationBins(tensor2d([[1, 0]]), labels, { bins: 0.5 }),
      'KD_OPTION_RANGE',
      'options.bins',
    );
  });
});
