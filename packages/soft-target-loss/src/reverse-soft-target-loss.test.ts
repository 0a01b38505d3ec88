import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend, valueAndGradient } from '@kd/testing';
import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { logitsFromProbabilities } from './from-probabilities.js';
import { reverseSoftTargetLoss } from './reverse-soft-target-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

describe.each(backends)('reverseSoftTargetLoss on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([1, 4, 20])('is softTargetLoss with its sides exchanged, at T = %d', async (temperature) => {
    const [v, z] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
    for (const scaleByTemperatureSquared of [true, false]) {
      const options = { temperature, scaleByTemperatureSquared };
      expectClose(
        await reverseSoftTargetLoss(v, z, options).data(),
        await softTargetLoss(z, v, options).array(),
        // Each rounds differently, one of them in float64 if a backend has a fused kernel.
        { relative: 2e-6, absolute: 0 },
      );
    }
  });

  it('is very large, and finite, where the teacher has probability zero', async () => {
    const v = logitsFromProbabilities(tensor2d([[1, 0]]));
    const { value, gradient } = await valueAndGradient(
      (x) => reverseSoftTargetLoss(v, x, { temperature: 4 }),
      [[0, 0]],
      1,
    );
    expect(value).toBeGreaterThan(1e29);
    expect(Number.isFinite(value)).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(gradient[1]).toBeGreaterThan(0);
  });
});
