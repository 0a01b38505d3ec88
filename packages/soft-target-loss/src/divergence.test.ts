import { backends, expectClose, useBackend } from '@kd/testing';
import { div, exp, logSoftmax, mul, sub, sum, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { jensenShannonLoss } from './jensen-shannon-loss.js';
import { softTargetLoss } from './soft-target-loss.js';

/** The same numbers in every run: a linear congruential generator, centred. */
function* noise(): Generator<number, never> {
  let state = 1;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 31 - 1;
  }
}
const draw = noise();
const rowOf = (size: number): number[] =>
  Array.from({ length: 10 }, () => Math.fround(size * draw.next().value));

const teacher = Array.from({ length: 200 }, () => rowOf(5));
const another = Array.from({ length: 200 }, () => rowOf(5));
const near = (distance: number): number[][] =>
  teacher.map((row) => row.map((x) => Math.fround(x + distance * draw.next().value)));

/** The textbook form that most libraries use. */
function textbook(v: Tensor, z: Tensor, T: number): Tensor {
  const [logP, logQ] = [logSoftmax(div(v, T)), logSoftmax(div(z, T))];
  return mul(sum(mul(exp(logP), sub(logP, logQ)), -1), T * T);
}

function worst(actual: ArrayLike<number>, student: number[][], T: number): number {
  const errors = teacher.map((v, row) => {
    const expected = float64.softTarget(v, student[row] ?? [], T);
    return Math.abs((actual[row] ?? NaN) - expected) / expected;
  });
  return Math.max(...errors);
}

describe.each(backends)('the divergence on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [20, 3e-6],
    [100, 1.5e-5],
  ])('of different logits is right to a few digits at T = %d', async (T, bound) => {
    const loss = await softTargetLoss(tensor2d(teacher), tensor2d(another), { temperature: T }).data();
    const plain = await textbook(tensor2d(teacher), tensor2d(another), T).data();
    const [error, errorOfTextbook] = [worst(loss, another, T), worst(plain, another, T)];
    expect(error).toBeLessThan(bound);
    // The reason for this form: the textbook form is worse by an order of magnitude.
    expect(errorOfTextbook).toBeGreaterThan(10 * error);
  });

  it.each([20, 100])('of nearly equal logits is never negative at T = %d', async (T) => {
    for (const distance of [1e-1, 1e-2, 1e-3, 1e-4]) {
      const student = near(distance);
      const [v, z] = [tensor2d(teacher), tensor2d(student)];
      const losses = Array.from(await softTargetLoss(v, z, { temperature: T }).data());
      expect(losses.every((loss) => loss >= 0)).toBe(true);
      expectClose(
        losses,
        teacher.map((row, index) => float64.softTarget(row, student[index] ?? [], T)),
        { relative: 1e-5, absolute: 1e-7 * T * Math.max(distance, 1e-5 * T) },
      );
      const mixed = Array.from(await jensenShannonLoss(v, z, { temperature: T }).data());
      expect(mixed.every((loss) => loss >= 0)).toBe(true);
    }
    const plain = await textbook(tensor2d(teacher), tensor2d(near(1e-4)), T).data();
    expect(Array.from(plain).filter((loss) => loss < 0).length).toBeGreaterThan(50);
  });
});
