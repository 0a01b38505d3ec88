import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend } from '@kd/testing';
import { grad, reshape, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { teacherBoundedLoss } from './teacher-bounded-loss.js';

const exact = { relative: 0, absolute: 0 };
const trueValues = () => zeros([3, 2]);
// Squared errors of 4 for the teacher, and of 4.5, 4 and 1 for the student.
const teacherValues = () => tensor2d([[2, 2], [2, -2], [-2, 2]]); // prettier-ignore
const student = () => tensor2d([[3, 0], [2, 2], [1, 1]]); // prettier-ignore

describe.each(backends)('teacherBoundedLoss on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [0, [4.5, 0, 0]],
    [0.25, [4.5, 4, 0]],
    [3, [4.5, 4, 0]],
    [3.25, [4.5, 4, 1]],
  ])(
    'with margin %d leaves alone who beats the teacher by it, value and gradient',
    async (margin, expected) => {
      const targets = { teacherValues: teacherValues(), trueValues: trueValues() };
      const loss = (s: Tensor): Tensor => teacherBoundedLoss(targets, s, { margin });
      expectClose(await loss(student()).data(), expected, exact);
      const values = await student().array();
      const slopes = values.map((row, index) => row.map((s) => (expected[index] === 0 ? 0 : s)));
      expectClose(await grad(loss)(student()).data(), slopes, exact);
    },
  );

  it('leaves everyone alone whose teacher is off by more than float32 holds', async () => {
    const targets = { teacherValues: tensor2d([[1e25, 0]]), trueValues: tensor2d([[0, 0]]) };
    const loss = (s: Tensor): Tensor => teacherBoundedLoss(targets, s);
    expectClose(await loss(tensor2d([[9, 9]])).data(), [0], exact);
    expectClose(await grad(loss)(tensor2d([[9, 9]])).data(), [0, 0], exact);
  });

  it('has no margin by default', async () => {
    const targets = { teacherValues: teacherValues(), trueValues: trueValues() };
    expectClose(await teacherBoundedLoss(targets, student()).data(), [4.5, 0, 0], exact);
  });

  it('decides for each position', async () => {
    const shape = [1, 3, 2];
    const targets = {
      teacherValues: reshape(teacherValues(), shape),
      trueValues: reshape(trueValues(), shape),
    };
    const values = teacherBoundedLoss(targets, reshape(student(), shape));
    expect(values.shape).toEqual([1, 3]);
    expectClose(await values.data(), [4.5, 0, 0], exact);
  });
});
