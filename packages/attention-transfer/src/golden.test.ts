// Agreement with the reference implementations, and what happens where they fail.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, useBackend } from '@kd/testing';
import { mul, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { features } from '../test/features.js';
import * as float64 from '../test/float64.js';
import { goldenCases, goldenCasesOfLayers, refusedByReference } from '../test/golden.js';
import { valueAndGradient } from '../test/value-and-gradient.js';
import { attentionTransferLoss } from './attention-transfer-loss.js';
import { euclideanDistance } from './euclidean-distance.js';
import { meanSquaredDifference } from './mean-squared-difference.js';

/** Without an absolute part: the loss of equal maps is to be exactly zero. */
const forValues = { relative: 1e-5, absolute: 0 };

function expectGradient(actual: number[], expected: unknown): void {
  const largest = Math.max(...([expected].flat(Infinity) as number[]).map(Math.abs));
  expectClose(actual, expected, { relative: 1e-4, absolute: 2e-7 * largest });
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(goldenCases<{ p: number }>('at'))('agrees with RepDistiller: $name', async (golden) => {
    const { params, inputs, expected } = golden;
    const options = { power: params.p, distance: meanSquaredDifference };
    const { value, gradient } = await valueAndGradient(
      (student) => attentionTransferLoss(tensor4d(inputs.teacher), student, options),
      inputs.student,
    );
    expectClose(value, expected.loss, forValues);
    expectGradient(gradient, expected.gradStudent);
  });

  it.each(goldenCasesOfLayers<{ p: number }>('at'))(
    'agrees with RepDistiller over several layers: $name',
    async ({ params, inputs, expected }) => {
      const options = { power: params.p, distance: meanSquaredDifference };
      const layers = await Promise.all(
        inputs.student.map((student, layer) =>
          valueAndGradient(
            (x) => attentionTransferLoss(tensor4d(inputs.teacher[layer] ?? []), x, options),
            student,
          ),
        ),
      );
      const values = layers.map(({ value }) => value);
      expectClose(values, expected.losses, forValues);
      expectClose(
        values.reduce((a, b) => a + b),
        expected.loss,
        forValues,
      );
      layers.forEach(({ gradient }, layer) => {
        expectGradient(gradient, expected.gradStudent[layer]);
      });
    },
  );

  it.each(goldenCases<{ mode: 'code' | 'paper'; weight: number }>('at_torchdistill'))(
    'agrees with torchdistill: $name',
    async ({ params: { mode, weight }, inputs, expected }) => {
      const distance = { paper: euclideanDistance, code: meanSquaredDifference }[mode];
      const { value, gradient } = await valueAndGradient(
        (student) => mul(attentionTransferLoss(tensor4d(inputs.teacher), student, { distance }), weight),
        inputs.student,
      );
      expectClose(value, expected.loss, forValues);
      expectGradient(gradient, expected.gradStudent);
    },
  );

  // RepDistiller compares heights only and pools to a square, so that it fails on these shapes.
  it.each(refusedByReference('at'))(
    'pools each axis where RepDistiller raises: $name',
    async ({ shapes }) => {
      const [teacher, student] = [features(shapes.teacher, 1), features(shapes.student, 2)];
      const [t, s] = await Promise.all([teacher.array(), student.array()]);
      expectClose(
        await attentionTransferLoss(teacher, student).data(),
        t.map((example, row) => float64.attentionTransfer(example, s[row] ?? [], 2)),
        forValues,
      );
    },
  );
});
