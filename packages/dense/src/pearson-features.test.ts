import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { add, concat, fill, grad, mul, ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { pearsonFeatures, pearsonFeaturesLoss } from './index.js';

const taps = { student: 'a', teacher: 'b' };
const equal = { student: { features: [3, 4, 2] }, teacher: { features: [3, 4, 2] } };
const golden = goldenFile('dense/pearson-features') as GoldenFile<
  { form: 'paper' | 'mmrazor' },
  Record<'student' | 'teacher', Nested>
>;

describe.each(backends)('pearsonFeatures on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('pearsonFeatures', pearsonFeatures, equal, {
    options: taps,
    atEquality: 'zero',
    constant: ['teacher.features'],
    refuses: { weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
    refusesShapes: [
      { ...equal, student: { features: [3, 4, 3] } },
      { ...equal, teacher: { features: [12, 2] } },
    ],
  });
  describeTerm(
    'pearsonFeatures of other sizes',
    pearsonFeatures,
    { ...equal, student: { features: [2, 5, 2] } },
    { options: taps, constant: ['teacher.features'] },
  );

  describeGolden('float64', golden, {
    makeTerm: () => pearsonFeatures(taps),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
    // Its deviation is the unbiased one of n values of a channel.
    factor: ({ form }, { student }) => {
      const [[image = []]] = [student as Nested[][][]];
      const n = (student as Nested[]).length * image.length * (image[0] as Nested[]).length;
      return form === 'mmrazor' ? n / (n - 1) : 1;
    },
  });

  it('depends on neither the size nor an offset of a channel', async () => {
    const [teacher, student] = [features([2, 3, 4, 2], 1), features([2, 3, 4, 2], 2)];
    const expected = await pearsonFeaturesLoss(teacher, student).data();
    const close = { relative: 1e-4, absolute: 0 };
    for (const changed of [mul(student, [1e12, 1e-3]), add(student, [30, -5])])
      expectClose(await pearsonFeaturesLoss(teacher, changed).data(), expected, close);
  });

  it.each([0, 0.1, 123.4])('takes a channel that is %d everywhere as constant', async (value) => {
    const teacher = features([2, 8, 8, 1], 1);
    const constant = fill([2, 8, 8, 1], value);
    const loss = (maps: Tensor): Tensor => pearsonFeaturesLoss(teacher, maps);
    expect((await loss(constant).data())[0]).toBeCloseTo(0.5, 3);
    expect((await pearsonFeaturesLoss(constant, constant).data())[0]).toBeCloseTo(0, 5);
    const slopes = await grad(loss)(constant).data();
    expect(Math.max(...slopes.map(Math.abs))).toBeLessThan(1e6);
    const both = concat([teacher, constant], 3);
    expect((await pearsonFeaturesLoss(both, both).data())[0]).toBeCloseTo(0, 5);
  });
});

describe('pearsonFeaturesLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 2, 3, 2]);
  itRefuses(
    [
      ['vectors of the student', () => [x(), ones([2, 3])], 'KD_TENSOR_SHAPE', 'studentFeatures'],
      ['other channels', () => [x(), ones([2, 2, 3, 3])], 'KD_TENSOR_SHAPE', '@kd/hint-regressor'],
    ],
    (given: Parameters<typeof pearsonFeaturesLoss>) => pearsonFeaturesLoss(...given),
    'pearsonFeaturesLoss',
  );
});
