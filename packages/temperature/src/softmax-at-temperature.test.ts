import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs's own logSoftmax.
import { backends, expectClose, expectNoLeak, numericGradient, useBackend } from '@kd/testing';
import { div, grad, logSoftmax, mul, softmax, tensor, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { logSoftmaxAtTemperature, softmaxAtTemperature } from './softmax-at-temperature.js';

const rows: Readonly<Record<string, number[]>> = {
  plain: [3, 1, 0.5],
  'all equal': [7, 7, 7, 7],
  'two tied for the largest': [2, 2, -1],
  'one far above': [10, 0, -5],
  'one far below': [0, 0, -60],
  'nearly equal': [1, 1.0001, 0.9999],
  '±1e4': [1e4, -1e4, 0],
  '-1e4 throughout': [-1e4, -1e4],
  '±1e30': [1e30, -1e30, 0],
  'a single class': [5],
};
const temperatures = [0.5, 1, 2, 4, 20, 100];
const logits = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 2, maxLength: 7 });
const temperature = fc.constantFrom(...temperatures);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(Object.entries(rows))('%s', (_name, row) => {
    it.each(temperatures)('agrees with float64 at T = %d', async (T) => {
      const z = tensor2d([row]);
      const log = float64.logSoftmax(row, T);
      expectClose(await logSoftmaxAtTemperature(z, T).data(), log, { relative: 1e-6, absolute: 3e-7 });
      expectClose(await softmaxAtTemperature(z, T).data(), log.map(Math.exp), {
        relative: 3e-6,
        absolute: 1e-38,
      });
    });
  });

  it('keeps the precision of a logarithm near zero', async () => {
    const [first = NaN] = await logSoftmaxAtTemperature(tensor2d([[10, 0, -5]]), 1).data();
    expectClose(first, -Math.log1p(Math.exp(-10) + Math.exp(-15)), { relative: 5e-7, absolute: 0 });
  });

  it('keeps the shape of its input, and treats each row separately', async () => {
    const z = tensor3d([
      [
        [1, 2],
        [3, -3],
      ],
      [
        [0, 0],
        [1e4, 0],
      ],
    ]);
    const expected = [
      [1, 2],
      [3, -3],
      [0, 0],
      [1e4, 0],
    ].map((row) => float64.softmax(row, 3));
    const p = softmaxAtTemperature(z, 3);
    expect(p.shape).toEqual([2, 2, 2]);
    expectClose(await p.data(), expected, { relative: 1e-6, absolute: 1e-38 });
    expect(logSoftmaxAtTemperature(z, 3).shape).toEqual([2, 2, 2]);
  });

  it('equals tfjs’s softmax at T = 1', async () => {
    const z = tensor2d([[3, 1, 0.5]]);
    expect(await softmaxAtTemperature(z, 1).data()).toEqual(await softmax(z).data());
  });

  it('returns probabilities that sum to one, and logarithms that are at most zero', async () => {
    await fc.assert(
      fc.asyncProperty(logits, temperature, async (row, T) => {
        const z = tensor2d([row]);
        const p = await softmaxAtTemperature(z, T).data();
        expect(Array.from(p).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        const log = await logSoftmaxAtTemperature(z, T).data();
        expect(Array.from(log).every((value) => value <= 0)).toBe(true);
      }),
    );
  });

  it('ignores a constant added to the logits', async () => {
    await fc.assert(
      fc.asyncProperty(logits, temperature, fc.integer({ min: -50, max: 50 }), async (row, T, constant) => {
        const shifted = row.map((logit) => Math.fround(logit + constant));
        const back = shifted.map((logit) => logit - constant);
        const tolerance = { relative: 1e-6, absolute: 3e-7 };
        expectClose(
          await logSoftmaxAtTemperature(tensor2d([shifted]), T).data(),
          float64.logSoftmax(back, T),
          tolerance,
        );
      }),
    );
  });

  it('has tfjs’s gradient, which equals central differences', async () => {
    const z = tensor2d([
      [3, 1, 0.5],
      [-2, 0, 2],
      [1, 1, 1],
    ]);
    const weights = tensor2d([
      [1, -2, 0.5],
      [0, 3, 1],
      [1, 1, -2],
    ]);
    for (const T of temperatures) {
      const ours = (x: Tensor): Tensor => mul(logSoftmaxAtTemperature(x, T), weights);
      const stock = (x: Tensor): Tensor => mul(logSoftmax(div(x, T)), weights);
      const gradient = await grad(ours)(z).data();
      expectClose(gradient, await grad(stock)(z).array(), { relative: 1e-5, absolute: 1e-6 });
      expectClose(gradient, numericGradient(ours, z), { relative: 1e-3, absolute: 2e-3 });
      const ofSoftmax = (x: Tensor): Tensor => mul(softmaxAtTemperature(x, T), weights);
      expectClose(await grad(ofSoftmax)(z).data(), numericGradient(ofSoftmax, z), {
        relative: 1e-3,
        absolute: 1e-3,
      });
    }
  });

  it('has a finite gradient at ±1e4', async () => {
    const z = tensor2d([[1e4, -1e4, 0]]);
    const gradient = await grad((x: Tensor) => mul(logSoftmaxAtTemperature(x, 1), tensor([1, 0, 0])))(
      z,
    ).data();
    expect(Array.from(gradient, (x) => x + 0)).toEqual([0, 0, 0]);
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      for (const T of [1, 4]) {
        const z = tensor2d([[1, 2]]);
        for (const each of [softmaxAtTemperature, logSoftmaxAtTemperature]) {
          each(z, T).dispose();
          tidy(() => void grad((x: Tensor) => each(x, T))(z));
        }
        expect(z.isDisposed).toBe(false);
        z.dispose();
      }
    });
  });
});
