import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { add, ones, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { channelWise, channelWiseLoss } from './index.js';

const taps = { student: 'a', teacher: 'b' };
const equal = { student: { features: [3, 4, 2] }, teacher: { features: [3, 4, 2] } };
const golden = goldenFile('dense/channel-wise') as GoldenFile<
  { temperature: number },
  Record<'student' | 'teacher', Nested>
>;

describe.each(backends)('channelWise on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('channelWise', channelWise, equal, {
    options: taps,
    variants: [{ temperature: 1 }],
    atEquality: 'zero',
    constant: ['teacher.features'],
    refuses: { temperature: [0, -1], weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
    refusesShapes: [
      { ...equal, student: { features: [3, 4, 3] } },
      { ...equal, teacher: { features: [12, 2] } },
    ],
  });
  describeTerm(
    'channelWise of other sizes',
    channelWise,
    { ...equal, student: { features: [2, 5, 2] } },
    { options: taps },
  );

  describeGolden('float64', golden, {
    makeTerm: ({ temperature }) => channelWise({ ...taps, temperature }),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
  });

  it('depends on neither an offset of a channel nor which position is which', async () => {
    const [teacher, student] = [features([2, 3, 4, 2], 1), features([2, 3, 4, 2], 2)];
    const expected = await channelWiseLoss(teacher, student).array();
    const close = { relative: 1e-4, absolute: 1e-6 };
    expectClose(await channelWiseLoss(teacher, add(student, [10, -5])).data(), expected, close);
    const turned = (maps: Tensor): Tensor => reshape(maps, [2, 4, 3, 2]);
    expectClose(await channelWiseLoss(turned(teacher), turned(student)).data(), expected, close);
  });
});

describe('channelWiseLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 2, 3, 2]);
  itRefuses(
    [
      ['vectors of the teacher', () => [ones([2, 3]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other examples', () => [ones([3, 2, 3, 2]), x()], 'KD_TENSOR_SHAPE', 'the same number of examples'],
      ['other channels', () => [x(), ones([2, 2, 3, 3])], 'KD_TENSOR_SHAPE', 'of 2 channels'],
      ['one position', () => [ones([2, 1, 3, 2]), ones([2, 3, 1, 2])], 'KD_TENSOR_SHAPE', '[2,1,1,2]'],
      ['no temperature', () => [x(), x(), { temperature: 0 }], 'KD_OPTION_RANGE', 'options.temperature'],
      ['an unknown option', () => [x(), x(), { tau: 1 }], 'KD_OPTION_UNKNOWN', 'options.tau'],
    ],
    (given: Parameters<typeof channelWiseLoss>) => channelWiseLoss(...given),
    'channelWiseLoss',
  );
});
