import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeTerm } from '@kd/conformance/vitest';
import {
  backends,
  expectClose,
  expectNoLeakOfLoss,
  features,
  itRefuses,
  useBackend,
  valueAndGradient,
} from '@kd/testing';
import { grad, log, ones, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { universalLogit as float64 } from '../test/float64.js';
import { universalLogit, universalLogitLoss } from './index.js';

const close = { relative: 1e-5, absolute: 1e-6 };
type Sequence = readonly (readonly number[])[];
const reference = (teacher: readonly Sequence[], student: readonly Sequence[], T = 1): number[][] =>
  teacher.map((rows, b) => rows.map((v, at) => float64(v, student[b]?.[at] ?? [], T)));
/** The gradient of `sum dy l` by central differences in float64, with steps that no kink lies in. */
const slopes = (teacher: readonly Sequence[], student: readonly Sequence[], dy: number[][], T: number) =>
  student.map((rows, b) =>
    rows.map((z, at) => {
      const moved = (index: number, step: number): number =>
        float64(teacher[b]?.[at] ?? [], z.with(index, (z[index] ?? NaN) + step), T);
      return z.map((_, index) => ((dy[b]?.[at] ?? NaN) * (moved(index, 1e-5) - moved(index, -1e-5))) / 2e-5);
    }),
  );
const wider = { student: { ofStudent: [4, 3] }, teacher: { ofTeacher: [4, 5] } };
const equal = { student: { ofStudent: [3, 4] }, teacher: { ofTeacher: [3, 4] } };
const ofBoth = {
  options: {},
  constant: ['teacher.ofTeacher'],
  reference: ({ student, teacher }: { student: object; teacher: object }) =>
    reference(
      (teacher as { ofTeacher: Sequence[] }).ofTeacher,
      (student as { ofStudent: Sequence[] }).ofStudent,
    ).flat(),
};

describe.each(backends)('universalLogit on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  // A recipe would refuse these numbers of classes if they were read under one name.
  describeTerm(
    'universalLogit of a teacher with more tokens',
    universalLogit,
    { ...wider, mask: [4] },
    {
      ...ofBoth,
      variants: [{ temperature: 2 }],
      refuses: { temperature: [0, -1], weight: [-1], name: [''], output: [''] },
      refusesShapes: [
        { ...wider, student: { ofStudent: [5, 3] } },
        { ...wider, teacher: { ofTeacher: [5] } },
      ],
    },
  );
  describeTerm(
    'universalLogit of a student with more tokens',
    universalLogit,
    { student: { ofStudent: [4, 5] }, teacher: { ofTeacher: [4, 3] } },
    ofBoth,
  );
  describeTerm('universalLogit of equal vocabularies', universalLogit, equal, {
    ...ofBoth,
    atEquality: 'zero',
  });

  it('is what one works out by hand', async () => {
    const teacher = log(tensor2d([[0.2, 0.7, 0.1]]));
    const loss = (z: Tensor): Tensor => universalLogitLoss(teacher, z);
    // q = [0.4, 0.6]: |0.6 - 0.7| + |0.4 - 0.2| + |0 - 0.1|. The second token is too small, the first too
    // large, and a logit moves both by 0.4 * 0.6.
    const two = await valueAndGradient(loss, [[Math.log(0.4), Math.log(0.6)]], 1);
    expectClose(two.value, 0.1 + 0.2 + 0.1, close);
    expectClose(two.gradient, [0.48, -0.48], close);
    // q = [0.1, 0.1, 0.5, 0.3]: 0.2, 0.1, 0, 0.1. The signs are 0, +, -, + from the first token on.
    const four = await valueAndGradient(loss, [[0.1001, 0.0999, 0.5, 0.3].map(Math.log)], 1);
    expectClose(four.value, 0.2 + 0.1 + 0.0001 + 0.0999, { relative: 1e-4, absolute: 0 });
    const mean = 0.1001 + 0.0999 - 0.5 + 0.3;
    const slopes = [0.1001 * (1 - mean), 0.0999 * (1 - mean), 0.5 * (-1 - mean), 0.3 * (1 - mean)];
    expectClose(four.gradient, slopes, { relative: 1e-4, absolute: 1e-6 });
  });

  it.each([0.5, 1, 4])(
    'has the values of its definition and their gradient at T = %d',
    async (temperature) => {
      const [teacher, student] = [features([2, 3, 7], 1), features([2, 3, 5], 2)];
      const loss = (z: Tensor): Tensor => universalLogitLoss(teacher, z, { temperature });
      const [v, z] = [teacher.arraySync(), student.arraySync()] as [number[][][], number[][][]];
      expectClose(await loss(student).data(), reference(v, z, temperature), close);
      const dy = features([2, 3], 3);
      const gradient = grad(loss)(student, dy);
      expectClose(await gradient.data(), slopes(v, z, dy.arraySync() as number[][], temperature), close);
    },
  );

  it('sees differences of probabilities below 1e-7', async () => {
    // The last token has 2e-9 on one side and 4e-9 on the other.
    const teacher = log(tensor2d([[1, 2e-9]]));
    const { gradient } = await valueAndGradient(
      (z) => universalLogitLoss(teacher, z),
      [[0, Math.log(4e-9)]],
      1,
    );
    expect(gradient[1]).toBeGreaterThan(3e-9);
    const other = await valueAndGradient((z) => universalLogitLoss(teacher, z), [[0, Math.log(1e-9)]], 1);
    expect(other.gradient[1]).toBeLessThan(-0.5e-9);
  });

  it('leaves no tensors', async () => {
    await expectNoLeakOfLoss(() => [features([2, 3, 4]), features([2, 3, 5], 1)], universalLogitLoss);
  });
});

describe('universalLogitLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3, 4]);
  itRefuses(
    [
      ['other lengths', () => [ones([2, 4, 4]), x()], 'KD_TENSOR_SHAPE', '[2,4,4] and [2,3,4]', 'Cut both'],
      ['other examples', () => [ones([1, 3, 4]), x()], 'KD_TENSOR_SHAPE', '[1,3,4] and [2,3,4]'],
      ['other ranks', () => [ones([2, 4]), x()], 'KD_TENSOR_SHAPE', '[2,4] and [2,3,4]'],
      ['one token', () => [x(), ones([2, 3, 1])], 'KD_TENSOR_SHAPE', 'studentLogits'],
      ['no examples', () => [zeros([0, 3, 4]), x()], 'KD_BATCH_EMPTY', 'teacherLogits'],
      ['ids', () => [ones([2, 3, 4], 'int32'), x()], 'KD_TENSOR_DTYPE', 'teacherLogits'],
      ['an array', () => [x(), [[1, 2]]], 'KD_TENSOR_TYPE', 'studentLogits'],
      ['no temperature', () => [x(), x(), { temperature: 0 }], 'KD_OPTION_RANGE', 'options.temperature'],
      ['an unknown option', () => [x(), x(), { tau: 1 }], 'KD_OPTION_UNKNOWN', 'options.tau'],
    ],
    (given: Parameters<typeof universalLogitLoss>) => universalLogitLoss(...given),
    'universalLogitLoss',
  );
});
