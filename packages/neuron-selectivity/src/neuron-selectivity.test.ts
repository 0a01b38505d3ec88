import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { concat, ones, reverse } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { neuronSelectivity, neuronSelectivityLoss } from './index.js';

const taps = { student: 'a', teacher: 'b' };
const pair = { student: { features: [3, 4, 2] }, teacher: { features: [3, 4, 2] } };
const repDistiller = goldenFile('neuron-selectivity/nst') as GoldenFile<
  object,
  { student: Nested; teacher: Nested }
>;

describe.each(backends)('neuronSelectivity on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('neuronSelectivity', neuronSelectivity, pair, {
    options: taps,
    atEquality: 'zero',
    constant: ['teacher.features'],
    refuses: { weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
    refusesShapes: [
      { ...pair, student: { features: [16, 64] } },
      { ...pair, teacher: { features: [8] } },
    ],
  });

  describeGolden('RepDistiller', repDistiller, {
    makeTerm: () => neuronSelectivity(taps),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
  });

  it('depends on neither the order, sign nor number of equal channels', async () => {
    const [teacher, student] = [features([2, 3, 4, 3], 1), features([2, 3, 4, 2], 2)];
    const expected = await neuronSelectivityLoss(teacher, student).array();
    for (const changed of [reverse(student, 3), concat([student, student], 3)])
      expectClose(await neuronSelectivityLoss(teacher, changed).data(), expected, {
        relative: 1e-5,
        absolute: 1e-7,
      });
    const same = await neuronSelectivityLoss(teacher, reverse(concat([teacher, teacher], 3), 3)).data();
    expect(Math.max(...same.map(Math.abs))).toBeLessThan(1e-6);
  });
});

describe('neuronSelectivityLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 2, 3, 1]);
  itRefuses(
    [
      ['vectors of the teacher', () => [ones([2, 3]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['vectors of the student', () => [x(), ones([2, 3])], 'KD_TENSOR_SHAPE', 'studentFeatures'],
      ['other examples', () => [ones([3, 2, 3, 1]), x()], 'KD_TENSOR_SHAPE', 'the same number of examples'],
    ],
    (given: Parameters<typeof neuronSelectivityLoss>) => neuronSelectivityLoss(...given),
    'neuronSelectivityLoss',
  );
});
