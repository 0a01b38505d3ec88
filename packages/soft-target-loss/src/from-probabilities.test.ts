import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend } from '@kd/testing';
import { grad, softmax, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { logitsFromProbabilities, softTargetLossFromProbabilities } from './from-probabilities.js';
import { sigmoidLogitsFromProbabilities } from './sigmoid-soft-target-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

/** `p^(1/T) / Z`, by its definition. */
function atTemperature(p: number[], T: number): number[] {
  const powers = p.map((each) => each ** (1 / T));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((each) => each / total);
}

function divergence(p: number[], q: number[], T: number): number {
  const [a, b] = [atTemperature(p, T), atTemperature(q, T)];
  return T * T * float64.divergence(a.map(Math.log), b.map(Math.log));
}

const zeros = [[0, 0.25, 0.75], [1, 0, 0], [0, 0, 1], [0.5, 0.5, 0]]; // prettier-ignore
const student = [0.5, 0.25, 0.25];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('logits of probabilities are their logarithms, and finite for zero', async () => {
    const p = [0, 2 ** -126, 1e-30, 0.25, 1];
    const logits = await logitsFromProbabilities(tensor2d([p])).data();
    expectClose(Array.from(logits).slice(1), p.slice(1).map(Math.log), { relative: 1e-6, absolute: 0 });
    expectClose(logits[0] ?? NaN, -1e30, { relative: 1e-6, absolute: 0 });
  });

  it('an invalid probability becomes NaN, in the logits and only in the loss of its row', async () => {
    const p = [[NaN, 1], [0.5, 0.5], [7, -3], [1.01, 0], [1, -0.01], [1.0005, -0.0005], [0, 1]]; // prettier-ignore
    const isNaN = [[1, 0], [0, 0], [1, 1], [1, 0], [0, 1], [0, 0], [0, 0]].map((row) => row.map((mark) => mark === 1)); // prettier-ignore
    const logits = (await logitsFromProbabilities(tensor2d(p)).array()) as number[][];
    expect(logits.map((row) => row.map(Number.isNaN))).toEqual(isNaN);
    const half = tensor2d(p.map(() => [0.5, 0.5]));
    const loss = await softTargetLossFromProbabilities(tensor2d(p), half, { temperature: 2 }).data();
    expect(Array.from(loss, Number.isNaN)).toEqual(isNaN.map((row) => row.includes(true)));
    const sigmoid = (await sigmoidLogitsFromProbabilities(tensor2d(p)).array()) as number[][];
    expect(sigmoid.map((row) => row.map(Number.isNaN))).toEqual(isNaN);
    const broken = await softTargetLossFromProbabilities(half, tensor2d(p), { temperature: 2 }).data();
    expect(broken[0]).toBeNaN();
  });

  it.each([1, 4, 20])('logits and their softmax give the same loss, at T = %d', async (T) => {
    const [v, z] = [tensor2d([[1, 2, 3]]), tensor2d([[3, 1, 0.5]])];
    const expected = float64.softTarget([1, 2, 3], [3, 1, 0.5], T);
    const tolerance = { relative: 1e-5, absolute: 0 };
    const both = softTargetLossFromProbabilities(softmax(v), softmax(z), { temperature: T });
    expectClose(await both.data(), expected, tolerance);
    // One side only, by logitsFromProbabilities.
    const ofTeacher = softTargetLoss(logitsFromProbabilities(softmax(v)), z, { temperature: T });
    expectClose(await ofTeacher.data(), expected, tolerance);
    const ofStudent = softTargetLoss(v, logitsFromProbabilities(softmax(z)), { temperature: T });
    expectClose(await ofStudent.data(), expected, tolerance);
  });

  it.each([1, 4, 20])('probabilities of exactly zero are right at T = %d', async (T) => {
    const teacher = tensor2d(zeros);
    const q = tensor2d(zeros.map(() => student));
    const loss = softTargetLossFromProbabilities(teacher, q, { temperature: T });
    const expected = zeros.map((row) => divergence(row, student, T));
    expectClose(await loss.data(), expected, { relative: 2e-6, absolute: 0 });
    const logits = tensor2d(zeros.map(() => student.map(Math.log)));
    const fromLogits = softTargetLoss(logitsFromProbabilities(teacher), logits, { temperature: T });
    expectClose(await fromLogits.data(), expected, { relative: 2e-6, absolute: 0 });
  });

  it.each([1, 4, 20])('the gradient passes through the softmax at T = %d', async (T) => {
    const p = tensor2d([[0, 0.25, 0.75]]);
    const z = tensor2d([[3, 1, 0.5]]);
    const [a, b] = [atTemperature([0, 0.25, 0.75], T), float64.softmax([3, 1, 0.5], T)];
    const expected = b.map((each, index) => T * (each - (a[index] ?? NaN)));
    const options = { temperature: T };
    for (const loss of [
      (x: Tensor) => softTargetLossFromProbabilities(p, softmax(x), options),
      (x: Tensor) => softTargetLoss(logitsFromProbabilities(p), logitsFromProbabilities(softmax(x)), options),
    ]) {
      expectClose(await grad(loss)(z).data(), expected, { relative: 1e-4, absolute: 1e-6 * T });
    }
  });

  it('the gradient is finite at every distance, even if a class underflows', async () => {
    const distances = Array.from({ length: 60 }, (_, index) => 60 + index);
    const p = tensor2d(distances.map(() => [0.25, 0.75]));
    const z = tensor2d(distances.map((distance) => [distance, 0]));
    for (const T of [1, 4, 20, 100]) {
      const gradient = grad((x: Tensor) =>
        softTargetLossFromProbabilities(p, softmax(x), { temperature: T }),
      )(z);
      expect(Array.from(await gradient.data()).every(Number.isFinite)).toBe(true);
    }
  });

  it('a class that has underflowed in the student gets no gradient', async () => {
    const p = tensor2d([[0.25, 0.75]]);
    const gradient = grad((q: Tensor) => softTargetLossFromProbabilities(p, q, { temperature: 1 }))(
      tensor2d([[1, 0]]),
    );
    const [kept, lost] = await gradient.data();
    expect(kept).toBeGreaterThan(0);
    expect(Math.abs(lost ?? NaN)).toBe(0);
  });

  it('without T² it is the loss divided by T²', async () => {
    const [p, q] = [tensor2d([[0.1, 0.9]]), tensor2d([[0.5, 0.5]])];
    const options = { temperature: 4, scaleByTemperatureSquared: false };
    const scaled = await softTargetLossFromProbabilities(p, q, { temperature: 4 }).data();
    const unscaled = await softTargetLossFromProbabilities(p, q, options).data();
    expectClose(unscaled, (scaled[0] ?? NaN) / 16, { relative: 1e-6, absolute: 0 });
  });

  it('loses what float32 has lost: the tail of softmax([120, 0]) at T = 20', async () => {
    const [v, z] = [tensor2d([[120, 0]]), tensor2d([[0, 0]])];
    const [right = NaN] = await softTargetLoss(v, z, { temperature: 20 }).data();
    const [lost = NaN] = await softTargetLoss(logitsFromProbabilities(softmax(v)), z, {
      temperature: 20,
    }).data();
    expectClose(right, float64.softTarget([120, 0], [0, 0], 20), { relative: 1e-6, absolute: 0 });
    expectClose(lost, 400 * Math.LN2, { relative: 1e-6, absolute: 0 });
    expect(await softmax(v).array()).toEqual([[1, 0]]);
  });
});
