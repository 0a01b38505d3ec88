import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend } from '@kd/testing';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { softmaxDivergence } from './softmax-divergence.js';

const T = 10;
const teacher = [1, 2, 0, -1, 3];
const changes = [0.001, -0.002, 0, 0.003, 0];

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map((z) => Math.exp(z / T));
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
}

describe.each(backends)('softmaxDivergence on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('keeps its digits at a high temperature where both are nearly equal', async () => {
    const student = teacher.map((z, at) => z + (changes[at] ?? 0));
    const [p, q] = [softmax(teacher), softmax(student)];
    const expected = T * T * p.reduce((sum, x, at) => sum + x * Math.log(x / (q[at] ?? NaN)), 0);
    const value = softmaxDivergence(tensor2d([teacher]), tensor2d([student]), T);
    expectClose(await value.data(), [expected], { relative: 2e-2, absolute: 0 });
  });

  it('is finite where the student is sure of what the teacher excludes', async () => {
    const [sure, other] = [tensor2d([[1e4, 0, 0]]), tensor2d([[0, 0, 1e4]])];
    expectClose(await softmaxDivergence(sure, other, 1).data(), [1e4], { relative: 1e-6, absolute: 0 });
    const slopes = await grad((z) => softmaxDivergence(sure, z, 1))(other).data();
    expect(Array.from(slopes)).toEqual([-1, 0, 1]);
  });
});
