import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { registerTrainingKernels } from '@kd/backend';
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { defineTerm } from '@kd/core';
import {
  backends,
  expectClose,
  expectKdError,
  features,
  goldenFile,
  itRefuses,
  useBackend,
} from '@kd/testing';
import { addN, mul, ones, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hierarchicalContextLoss, review } from './index.js';

const taps = { student: ['a', 'b'], teacher: ['c', 'd'] };
const pair = {
  student: {
    maps: [
      [3, 4, 2],
      [2, 2, 3],
    ],
  },
  teacher: {
    maps: [
      [5, 4, 3],
      [2, 1, 2],
    ],
  },
};
const parts = [
  'reduce',
  'reduceScale',
  'reduceOffset',
  'attention',
  'attentionBias',
  'expand',
  'expandScale',
  'expandOffset',
] as const;
type Lists = Record<'student' | 'teacher', readonly Nested[]>;
const mdistiller = goldenFile('review/reviewkd_hcl') as GoldenFile<object, Lists>;
const fusion = goldenFile('review/fusion') as GoldenFile<
  { channels: number },
  Lists & Record<(typeof parts)[number], readonly Nested[]>
>;
const namesOf = (side: string, maps: readonly Nested[]): string[] =>
  maps.map((_, stage) => `${side}${String(stage)}`);
const values = ({ student, teacher }: Lists) => ({
  student: { maps: student },
  teacher: { maps: teacher },
  lists: ['student.maps', 'teacher.maps'],
});

/** The loss of lists of maps that need no fusion. */
const contextLoss = ({ student, teacher }: Lists) =>
  defineTerm({
    name: 'context',
    reads: { student: { maps: namesOf('s', student) }, teacher: { maps: namesOf('t', teacher) } },
    loss: ({ student, teacher }) => ({
      values: addN(
        student.maps.map((map, stage) => hierarchicalContextLoss(teacher.maps[stage] as Tensor, map)),
      ),
    }),
  });

describe.each(backends)('review on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    // wasm has no gradient of a convolution's kernel.
    registerTrainingKernels();
  });

  describeTerm('review', review, pair, {
    options: taps,
    variants: [{ channels: 2 }],
    constant: ['teacher.maps'],
    // Through the statistics of the fusion blocks.
    relatesExamples: true,
    refuses: {
      student: [[], ['a'], [undefined], 'a'],
      teacher: [['c'], ['c', 'd', 'e']],
      channels: [0, 1.5],
      weight: [-1],
      name: [''],
    },
    refusesShapes: [
      { ...pair, student: { maps: [[3, 4, 2], [6, 3]] } }, // prettier-ignore
      { ...pair, teacher: { maps: [[], [2, 1, 2]] } },
    ],
  });

  describeGolden('mdistiller, without fusion', mdistiller, {
    makeTerm: (_, inputs) => contextLoss(inputs),
    values,
  });
  for (const one of fusion.cases)
    describeGolden(
      'the blocks in float64',
      { cases: [one] },
      {
        makeTerm: ({ channels }, { student, teacher }) =>
          review({ student: namesOf('s', student), teacher: namesOf('t', teacher), channels }),
        values,
        weights: (inputs) =>
          Object.fromEntries(
            parts.flatMap((part) =>
              inputs[part].map((array, stage) => [`review/${part}/${String(stage)}`, array]),
            ),
          ),
        namesOfGradients: Object.fromEntries(
          Object.keys(one.expected.gradParams ?? {}).map((part) => [`review/${part}`, part]),
        ),
      },
    );

  it('compares maps that are flat or narrow, without pooling them up', async () => {
    const teacher = features([2, 1, 6, 2], 1);
    const difference = ones([2, 1, 6, 2]);
    expectClose(await hierarchicalContextLoss(teacher, addN([teacher, difference])).data(), [1, 1], {
      relative: 1e-5,
      absolute: 0,
    });
    const large = mul(features([1, 6, 2, 2]), 1e12);
    const [value = NaN] = await hierarchicalContextLoss(zeros([1, 6, 2, 2]), large).data();
    expect(Number.isFinite(value)).toBe(true);
  });
});

it('says how many taps are missing', async () => {
  await expectKdError(
    () => review({ ...taps, teacher: ['c'] }),
    'KD_OPTION_RANGE',
    'review',
    'options.teacher',
    'as long as options.student, 2',
  );
  await expectKdError(() => review({ student: [], teacher: [] }), 'KD_OPTION_RANGE', 'at least one tap');
});

describe('hierarchicalContextLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 2, 3, 2]);
  itRefuses(
    [
      ['vectors', () => [ones([2, 3]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['another size', () => [x(), ones([2, 4, 3, 2])], 'KD_TENSOR_SHAPE', 'studentFeatures'],
      ['other channels', () => [x(), ones([2, 2, 3, 1])], 'KD_TENSOR_SHAPE', 'of shape [2,2,3,2]'],
    ],
    (given: Parameters<typeof hierarchicalContextLoss>) => hierarchicalContextLoss(...given),
    'hierarchicalContextLoss',
  );
});
