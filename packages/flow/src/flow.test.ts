import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import {
  backends,
  expectClose,
  expectKdError,
  features,
  goldenFile,
  itRefuses,
  useBackend,
} from '@kd/testing';
import { grad, ones, reverse, tensor, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { flow, flowLoss } from './index.js';

const taps = { student: ['a', 'b'], teacher: ['c', 'd'] };
const maps = [
  [5, 4, 2],
  [3, 4, 3],
];
const shapes = { student: { maps }, teacher: { maps } };
const refused = { weight: [-1], name: [''], pooling: ['min'], distance: ['norm'], student: [['a'], 'a'], teacher: [['a', 1]] }; // prettier-ignore
type Maps = Record<'student' | 'teacher', readonly Nested[]>;
const repDistiller = goldenFile('flow/fsp') as GoldenFile<object, Maps>;
const torchdistill = goldenFile('flow/fsp_torchdistill') as GoldenFile<object, Maps>;
const values = ({ student, teacher }: Maps) => ({
  student: { maps: student },
  teacher: { maps: teacher },
  lists: ['student.maps', 'teacher.maps'],
});

describe.each(backends)('flow on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('flow', flow, shapes, {
    options: taps,
    variants: [{ pooling: 'average' }, { distance: 'mean squared' }, { distance: 'column lengths' }],
    atEquality: 'zero',
    constant: ['teacher.maps'],
    refuses: refused,
    refusesShapes: [
      { ...shapes, student: { maps: [[16, 64], maps[1] ?? []] } },
      { ...shapes, teacher: { maps: [[3, 4, 3], maps[1] ?? []] } },
      { ...shapes, student: { maps: [maps[0] ?? [], [3, 4, 2]] } },
    ],
  });

  describeTerm('flow by column lengths', flow, shapes, {
    options: { ...taps, distance: 'column lengths' },
    atEquality: 'zero',
    constant: ['teacher.maps'],
  });

  describeGolden('RepDistiller', repDistiller, {
    makeTerm: (_, { student }) => {
      const layers = student.map((_, layer) => `layer${String(layer)}`);
      return flow({ student: layers, teacher: layers, pooling: 'average', distance: 'mean squared' });
    },
    values,
  });
  describeGolden('torchdistill', torchdistill, {
    makeTerm: () => flow({ ...taps, distance: 'column lengths' }),
    values,
  });

  it('pools 5 rows to 3 as PyTorch does, and 4 columns to 2', async () => {
    const rows = [1, 5, 2, 9, 3].flatMap((row) => [row, row - 1, 0, row - 4]);
    const student = [tensor(rows, [1, 5, 4, 1]), ones([1, 3, 2, 1])];
    // The maxima of the cells are 5, 9, 9 in the left columns, and 1, 5, 5 in the right ones.
    const [loss = NaN] = await flowLoss([zeros([1, 5, 4, 1]), ones([1, 3, 2, 1])], student).data();
    expect(Math.sqrt(loss)).toBeCloseTo(34 / 6, 5);
  });

  it.each([
    [2, 2],
    [1, 2],
  ])('gives one of several equal maxima the gradient, in cells of %i x %i', async (height, width) => {
    const top = ones([1, 4 / height, 4 / width, 1]);
    const loss = (x: Tensor): Tensor => flowLoss([zeros([1, 4, 4, 1]), top], [x, top]);
    const slopes = await grad(loss)(ones([1, 4, 4, 1])).data();
    expect(slopes.filter((slope) => slope !== 0)).toHaveLength(16 / height / width);
    expect(Array.from(slopes).reduce((a, b) => a + b)).toBeCloseTo(2, 5);
  });

  it('sums the squares of which RepDistiller takes the mean', async () => {
    const pair = (phase: number): Tensor[] => [
      features([2, 2, 2, 2], phase),
      features([2, 2, 2, 3], phase + 1),
    ];
    const means = await flowLoss(pair(0), pair(2), { distance: 'mean squared' }).data();
    const sums = await flowLoss(pair(0), pair(2)).data();
    expectClose(
      sums,
      Array.from(means, (x) => 6 * x),
      { relative: 1e-5, absolute: 0 },
    );
  });

  it('does not depend on where two channels respond together', async () => {
    const pair = (phase: number): Tensor[] => [
      features([2, 3, 4, 2], phase),
      features([2, 3, 4, 3], phase + 1),
    ];
    const turned = pair(2).map((maps) => reverse(maps, [1, 2]));
    const expected = await flowLoss(pair(0), pair(2)).array();
    expectClose(await flowLoss(pair(0), turned).data(), expected, { relative: 1e-5, absolute: 0 });
  });
});

describe('flowLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 2, 3, 2]);
  const pair = (second = x()): Tensor[] => [x(), second];
  itRefuses(
    [
      ['a tensor', () => [x(), pair()], 'KD_TENSOR_TYPE', 'as many feature maps, at least two'],
      ['a single map', () => [pair(), [x()]], 'KD_TENSOR_TYPE', 'an array of length 1'],
      ['fewer maps', () => [[...pair(), x()], pair()], 'KD_TENSOR_TYPE', 'of length 3 and'],
      ['vectors', () => [pair(ones([2, 3])), pair()], 'KD_TENSOR_SHAPE', 'teacherMaps[1]'],
      [
        'other examples',
        () => [pair(ones([3, 2, 3, 2])), pair()],
        'KD_TENSOR_SHAPE',
        'teacherMaps[1]',
        '[2, h',
      ],
      [
        'other channels',
        () => [pair(), pair(ones([2, 2, 3, 1]))],
        'KD_TENSOR_SHAPE',
        'studentMaps[1]',
        ', 2]',
      ],
      ['no pooling', () => [pair(), pair(), { pooling: 'min' }], 'KD_OPTION_RANGE', 'options.pooling'],
    ],
    (given: Parameters<typeof flowLoss>) => flowLoss(...given),
    'flowLoss',
  );
});

it.each([
  [
    ['a', 'b'],
    ['a', 'b', 'c'],
  ],
  [['a'], ['a']],
])('refuses %j and %j', (student, teacher) =>
  expectKdError(
    () => flow({ student, teacher }),
    'KD_OPTION_RANGE',
    `${String(student.length)} of the student and ${String(teacher.length)} of the teacher`,
  ),
);
