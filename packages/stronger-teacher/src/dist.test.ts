import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { add, ones, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { dist, distLoss } from './index.js';

interface Params {
  readonly beta: number;
  readonly gamma: number;
  readonly tau?: number;
}
type File = GoldenFile<Params, { student: Nested; teacher: Nested }>;
const torchdistill = goldenFile('stronger-teacher/dist') as File;
const authors = goldenFile('stronger-teacher/dist_original') as File;

describe.each(backends)('dist on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'dist',
    dist,
    { student: { logits: [5] }, teacher: { logits: [5] } },
    {
      options: {},
      variants: [{ beta: 2 }, { gamma: 0 }, { temperature: 2 }],
      atEquality: 'zero',
      constant: ['teacher.logits'],
      refuses: { beta: [-1], gamma: [Infinity], temperature: [0], weight: [-1], name: [''], output: [''] },
    },
  );

  describe.each([
    ['torchdistill', torchdistill],
    ['authors', authors],
  ] as const)('%s', (name, file) => {
    describeGolden(name, file, {
      makeTerm: ({ beta, gamma, tau = 1 }) => dist({ beta, gamma, temperature: tau }),
      values: ({ student, teacher }) => ({ student: { logits: student }, teacher: { logits: teacher } }),
    });
  });

  it('takes each position as an example', async () => {
    const [teacher, student] = [features([2, 3, 4], 1), features([2, 3, 4], 2)];
    const flat = (x: Tensor): Tensor => reshape(x, [6, 4]);
    const loss = await distLoss(teacher, student).data();
    expectClose(loss, await distLoss(flat(teacher), flat(student)).array(), { relative: 1e-6, absolute: 0 });
  });

  it('ignores a constant in the logits of an example', async () => {
    const [teacher, student] = [features([3, 4], 1), features([3, 4], 2)];
    const shifted = add(student, features([3, 1], 5));
    const expected = await distLoss(teacher, student).array();
    expectClose(await distLoss(teacher, shifted).data(), expected, { relative: 1e-5, absolute: 0 });
  });
});

describe('distLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const z = (classes = 3): Tensor => ones([2, classes]);
  itRefuses(
    [
      ['one class', () => [z(1), z(1)], 'KD_TENSOR_SHAPE', 'N >= 2'],
      ['other classes', () => [z(4), z(3)], 'KD_CLASSES_MISMATCH'],
      ['a negative weight', () => [z(), z(), { beta: -1 }], 'KD_OPTION_RANGE', 'options.beta'],
      ['an unknown option', () => [z(), z(), { tau: 1 }], 'KD_OPTION_UNKNOWN', 'options.tau'],
    ],
    (given: Parameters<typeof distLoss>) => distLoss(...given),
    'distLoss',
  );
});
