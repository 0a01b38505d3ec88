// Agreement with the reference implementations, and what happens where their gradient explodes.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import { mul, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { degenerateCases, goldenCases } from '../test/golden.js';
import { valueAndGradient } from '../test/value-and-gradient.js';
import { rowsToUnitSum } from './rows-to-unit-sum.js';
import { similarityPreservingLoss } from './similarity-preserving-loss.js';

/** Without an absolute part: the loss of equal features is to be exactly zero. */
const forValues = { relative: 1e-5, absolute: 0 };

function expectGradient(actual: number[], expected: unknown): void {
  const largest = Math.max(...([expected].flat(Infinity) as number[]).map(Math.abs));
  expectClose(actual, expected, { relative: 1e-4, absolute: 2e-7 * largest });
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases('sp'))('agrees with RepDistiller: $name', async ({ inputs, expected }) => {
    const { value, gradient } = await valueAndGradient(
      (student) => similarityPreservingLoss(tensor(inputs.teacher), student),
      tensor(inputs.student),
    );
    expectClose(value, expected.loss, forValues);
    expectGradient(gradient, expected.gradStudent);
  });

  it.each(goldenCases<{ reduction: 'batchmean' | 'sum' }>('sp_torchdistill'))(
    'agrees with torchdistill: $name',
    async ({ params: { reduction }, inputs, expected }) => {
      const factor = reduction === 'sum' ? inputs.student.length ** 2 : 1;
      const { value, gradient } = await valueAndGradient(
        (student) =>
          mul(
            similarityPreservingLoss(tensor(inputs.teacher), student, { normalize: rowsToUnitSum }),
            factor,
          ),
        tensor(inputs.student),
      );
      expectClose(value, expected.loss, forValues);
      expectGradient(gradient, expected.gradStudent);
    },
  );

  it.each(degenerateCases('sp'))(
    'has RepDistiller’s value and a bounded gradient where RepDistiller’s explodes: $name',
    async ({ inputs, what }) => {
      const [teacher, student] = [tensor(inputs.teacher), tensor(inputs.student)];
      const loss = (x: Tensor): Tensor => similarityPreservingLoss(teacher, x);
      const { value, gradient } = await valueAndGradient(loss, student);
      expectClose(value, what.loss, forValues);
      expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1);
      // Central differences are right for the other rows; at the zero row the loss has a jump.
      const numeric = numericGradient(loss, student);
      const rows = Array.from(await student.data(), (_, at) => Math.floor(at / 4));
      const regular = (slopes: number[]): number[] => slopes.filter((_, at) => rows[at] !== 1);
      expectClose(regular(gradient), regular(numeric), { relative: 2e-3, absolute: 1e-3 });
    },
  );
});
