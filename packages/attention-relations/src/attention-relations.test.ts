import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeTerm } from '@kd/conformance/vitest';
import {
  backends,
  expectClose,
  expectKdError,
  expectNoLeakOfLoss,
  features,
  itRefuses,
  lossOf,
  numericGradient,
  useBackend,
} from '@kd/testing';
import { add, grad, mul, ones, tensor, tensor2d, tensor3d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { attentionRelations, attentionRelationsLoss } from './index.js';

const taps = { student: 'a', teacher: 'b', heads: 2 };
const shapes = { student: { features: [4, 6] }, teacher: { features: [4, 10] } };
const close = { relative: 1e-5, absolute: 1e-6 };
const reference = (teacher: Tensor, student: Tensor, heads: number, kept?: readonly number[]): number[][] => {
  const [ofTeacher, ofStudent] = [teacher, student].map((x) => x.arraySync() as number[][][]);
  return (ofTeacher ?? []).map((rows, b) => float64.relations(rows, ofStudent?.[b] ?? [], heads, kept));
};

describe.each(backends)('attentionRelations on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'attentionRelations',
    attentionRelations,
    { ...shapes, mask: [4] },
    {
      options: taps,
      variants: [{ heads: 1 }],
      constant: ['teacher.features'],
      reference: ({ student, teacher }) =>
        (teacher['features'] ?? []).flatMap((rows, b) =>
          float64.relations(rows as float64.Matrix, student['features']?.[b] as float64.Matrix, 2),
        ),
      refuses: { heads: [0, 1.5, -2], weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
      refusesShapes: [
        { ...shapes, student: { features: [4, 5] } },
        { ...shapes, teacher: { features: [4, 9] } },
        { ...shapes, teacher: { features: [3, 10] } },
        { ...shapes, student: { features: [24] } },
        { ...shapes, student: { features: [2, 4, 6] } },
      ],
    },
  );
  describeTerm(
    'attentionRelations of equal widths',
    attentionRelations,
    { student: { features: [3, 4] }, teacher: { features: [3, 4] } },
    { options: taps, atEquality: 'zero' },
  );

  it('is what one works out by hand', async () => {
    // One head of two numbers: a position has the logits 4/√2 for itself and 0 for the other, so the share s
    // for itself. The student finds both alike. The third is masked.
    const teacher = tensor3d([2, 0, 0, 2, 7, 7], [1, 3, 2]);
    const student = tensor3d([1, 1, 8], [1, 3, 1]);
    const loss = attentionRelationsLoss(teacher, student, { heads: 1, mask: tensor2d([[1, 1, 0]]) });
    const s = 1 / (1 + Math.exp(-4 / Math.SQRT2));
    const value = s * Math.log(2 * s) + (1 - s) * Math.log(2 * (1 - s));
    expectClose(await loss.data(), [value, value, 0], close);
  });

  it.each([1, 2, 3, 6])('has the values of its definition with %d heads', async (heads) => {
    const [teacher, student] = [features([2, 5, 12], 1), features([2, 5, 6], 2)];
    const values = await attentionRelationsLoss(teacher, student, { heads }).data();
    expectClose(values, reference(teacher, student, heads), close);
  });

  it('leaves masked positions out of rows and columns, with whatever they hold', async () => {
    const [teacher, student] = [features([2, 5, 12], 1), features([2, 5, 6], 2)];
    const options = { heads: 3, mask: tensor2d([1, 0, 1, 1, 0, 1, 0, 1, 1, 0], [2, 5]) };
    const broken = (x: Tensor): Tensor => add(x, tensor([0, NaN, 0, 0, Infinity], [1, 5, 1]));
    const loss = (x: Tensor): Tensor => attentionRelationsLoss(broken(teacher), x, options);
    const expected = reference(teacher, student, 3, [0, 2, 3]);
    expectClose(await loss(broken(student)).data(), expected, close);
    const gradient = await grad(loss)(broken(student)).data();
    expectClose(gradient, numericGradient(loss, student), { relative: 5e-3, absolute: 2e-3 });
  });

  it('is finite where a whole sequence is masked', async () => {
    const [teacher, student] = [features([2, 3, 4], 1), features([2, 3, 2], 2)];
    const options = { heads: 2, mask: tensor2d([1, 1, 1, 0, 0, 0], [2, 3]) };
    const loss = (x: Tensor): Tensor => attentionRelationsLoss(teacher, x, options);
    expectClose((await loss(student).data()).slice(3), [0, 0, 0], { relative: 0, absolute: 0 });
    const gradient = Array.from(await grad(loss)(student).data());
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(gradient.slice(6)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is finite for vectors as large as it says', async () => {
    const loss = attentionRelationsLoss(mul(features([1, 4, 8]), 4e14), mul(features([1, 4, 4], 1), 4e14), {
      heads: 2,
      mask: ones([1, 4]),
    });
    expect(Array.from(await loss.data()).every(Number.isFinite)).toBe(true);
  });

  it('leaves no tensors', async () => {
    await expectNoLeakOfLoss(
      () => [features([2, 3, 4]), features([2, 3, 6])],
      (teacher, student) => attentionRelationsLoss(teacher, student, { heads: 2 }),
    );
  });
});

describe('attentionRelations', () => {
  beforeAll(() => useBackend('cpu'));

  it('refuses a mask of other positions, in a step', async () => {
    const given = {
      student: { features: ones([2, 4, 6]) },
      teacher: { features: ones([2, 4, 10]) },
      mask: ones([2, 3]),
    };
    const body = (): unknown => lossOf(attentionRelations(taps), given);
    await expectKdError(body, 'KD_TENSOR_SHAPE', 'batch.mask', '[2,4]', '[2,3]');
  });
});

describe('attentionRelationsLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3, 4]);
  const two = { heads: 2 };
  itRefuses(
    [
      ['vectors without positions', () => [ones([2, 4]), x(), two], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other examples', () => [ones([3, 3, 4]), x(), two], 'KD_TENSOR_SHAPE', 'the same number of examples'],
      ['other positions', () => [ones([2, 4, 4]), x(), two], 'KD_TENSOR_SHAPE', 'of shape [2,4,4]'],
      ['a width that heads do not divide', () => [x(), ones([2, 3, 5]), two], 'KD_TENSOR_SHAPE', '2 heads'],
      ['no positions', () => [zeros([2, 0, 4]), x(), two], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['no examples', () => [zeros([0, 3, 4]), x(), two], 'KD_BATCH_EMPTY', 'teacherFeatures'],
      ['whole numbers', () => [x(), ones([2, 3, 4], 'int32'), two], 'KD_TENSOR_DTYPE', 'studentFeatures'],
      ['no heads', () => [x(), x(), {}], 'KD_OPTION_TYPE', 'options.heads'],
      ['half a head', () => [x(), x(), { heads: 0.5 }], 'KD_OPTION_RANGE', 'options.heads'],
      ['a list as a mask', () => [x(), x(), { ...two, mask: [1] }], 'KD_TENSOR_TYPE', 'options.mask'],
      [
        'marks of bool',
        () => [x(), x(), { ...two, mask: ones([2, 3], 'bool') }],
        'KD_TENSOR_DTYPE',
        'options.mask',
      ],
      ['a short mask', () => [x(), x(), { ...two, mask: ones([2, 2]) }], 'KD_TENSOR_SHAPE', 'options.mask'],
      ['an unknown option', () => [x(), x(), { ...two, head: 1 }], 'KD_OPTION_UNKNOWN', 'options.head'],
    ],
    (given: Parameters<typeof attentionRelationsLoss>) => attentionRelationsLoss(...given),
    'attentionRelationsLoss',
  );
});
