import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { concat, matMul, mul, ones, reverse, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { relational, relationalLoss } from './index.js';

const taps = { student: 'a', teacher: 'b' };
const repDistiller = goldenFile('relational/rkd') as GoldenFile<
  { wDistance: number; wAngle: number },
  { student: Nested; teacher: Nested }
>;

describe.each(backends)('relational on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'relational',
    relational,
    { student: { features: [2, 3] }, teacher: { features: [2, 3] } },
    {
      options: taps,
      variants: [{ distance: 1 }, { angle: 0 }],
      atEquality: 'zero',
      scaleFree: true,
      constant: ['teacher.features'],
      refuses: { distance: [-1], angle: [Infinity], weight: [-1], name: [''], student: [undefined] },
      refusesShapes: [{ student: { features: [8] }, teacher: { features: [] } }],
    },
  );

  describeGolden('RepDistiller', repDistiller, {
    makeTerm: ({ wDistance, wAngle }) => relational({ ...taps, distance: wDistance, angle: wAngle }),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
  });

  it('depends on neither scale, place nor rotation of either side', async () => {
    const [teacher, student] = [features([4, 3], 1), features([4, 2], 2)];
    const turn = tensor2d([[Math.cos(0.7), Math.sin(0.7)], [-Math.sin(0.7), Math.cos(0.7)]]); // prettier-ignore
    const expected = await relationalLoss(teacher, student).data();
    for (const changed of [
      mul(student, 1e-3),
      mul(student, 1e15),
      matMul(student, turn),
      reverse(student, 1),
    ])
      expectClose(await relationalLoss(teacher, changed).data(), expected, { relative: 1e-4, absolute: 0 });
  });

  it('is finite where two examples are equal, and 0 for one', async () => {
    const student = concat([features([2, 3]), features([2, 3])]);
    const [value = NaN] = await relationalLoss(features([4, 3], 1), student).data();
    expect(value).toBeGreaterThan(0);
    expect(await relationalLoss(ones([1, 3]), ones([1, 2])).array()).toBe(0);
  });
});

describe('relationalLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3]);
  itRefuses(
    [
      ['numbers without features', () => [ones([2]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other examples', () => [ones([3, 3]), x()], 'KD_TENSOR_SHAPE', 'the same number of examples'],
      ['a negative weight', () => [x(), x(), { angle: -1 }], 'KD_OPTION_RANGE', 'options.angle'],
      ['an unknown option', () => [x(), x(), { angles: 1 }], 'KD_OPTION_UNKNOWN', 'options.angles'],
    ],
    (given: Parameters<typeof relationalLoss>) => relationalLoss(...given),
    'relationalLoss',
  );
});
