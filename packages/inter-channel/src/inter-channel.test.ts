import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { mul, ones, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { interChannel, interChannelLoss } from './index.js';

const taps = { student: 'a', teacher: 'b', name: 'ickd' };
const equal = { student: { features: [3, 4, 3] }, teacher: { features: [3, 4, 3] } };
const bad = { weight: [-1], name: [''], embeds: ['no'], student: [undefined], teacher: [undefined] };
type Maps = Record<'student' | 'teacher', Nested>;
const authors = goldenFile('inter-channel/ickd') as GoldenFile<
  object,
  Maps & Record<'kernel' | 'bnGamma' | 'bnBeta', Nested>
>;
const torchdistill = goldenFile('inter-channel/ickd_torchdistill') as GoldenFile<{ weight: number }, Maps>;
const values = ({ student, teacher }: Maps) => ({
  student: { features: student },
  teacher: { features: teacher },
});

describe.each(backends)('interChannel on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'interChannel',
    interChannel,
    { student: { features: [3, 4, 2] }, teacher: { features: [2, 4, 3] } },
    {
      options: taps,
      constant: ['teacher.features'],
      // Through the statistics of the embedding.
      relatesExamples: true,
      refuses: bad,
      refusesShapes: [
        { ...equal, student: { features: [16, 64] } },
        { ...equal, teacher: { features: [8] } },
      ],
    },
  );
  describeTerm('interChannel without an embedding', interChannel, equal, {
    options: { ...taps, embeds: false },
    variants: [{ embeds: true }],
    atEquality: 'zero',
    constant: ['teacher.features'],
    refuses: bad,
    refusesShapes: [{ ...equal, student: { features: [3, 4, 2] } }],
  });

  describeGolden('the authors', authors, {
    makeTerm: () => interChannel(taps),
    values,
    weights: ({ kernel, bnGamma, bnBeta }) => ({
      'ickd/kernel': kernel,
      'ickd/scale': bnGamma,
      'ickd/offset': bnBeta,
    }),
    namesOfGradients: { 'ickd/kernel': 'kernel', 'ickd/scale': 'bnGamma' },
  });
  describeGolden('torchdistill', torchdistill, {
    makeTerm: () => interChannel({ ...taps, embeds: false }),
    values,
    // It divides by the batch once more, and its weight is in the loss.
    factor: ({ weight }, { student }) => (student as Nested[]).length / weight,
  });

  it('depends on neither the scale of an example nor where its channels respond', async () => {
    const [teacher, student] = [features([2, 3, 4, 3], 1), features([2, 2, 5, 3], 2)];
    const expected = await interChannelLoss(teacher, student).array();
    const close = { relative: 1e-4, absolute: 1e-7 };
    expectClose(await interChannelLoss(teacher, mul(student, 1e12)).data(), expected, close);
    expectClose(await interChannelLoss(teacher, reshape(student, [2, 5, 2, 3])).data(), expected, close);
  });
});

describe('interChannelLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 2, 3, 2]);
  itRefuses(
    [
      ['vectors of the teacher', () => [ones([2, 3]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other channels', () => [x(), ones([2, 2, 3, 3])], 'KD_TENSOR_SHAPE', 'of 2 channels'],
    ],
    (given: Parameters<typeof interChannelLoss>) => interChannelLoss(...given),
    'interChannelLoss',
  );
});
