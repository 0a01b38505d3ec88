import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile } from '@kd/conformance';
import { backends, expectClose, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { grad, ones, scalar, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { curriculumTemperature, curriculumTemperatureLoss } from './index.js';
import { reversed } from './reversed.js';

type Rows = number[][];
const authors = goldenFile('curriculum-temperature/ctkd') as GoldenFile<
  { T: number; lambda: number },
  { student: Rows; teacher: Rows }
>;
/** The number whose temperature is T. */
const rawOf = (T: number): number => Math.log((T - 1) / (21 - T));

describe.each(backends)('curriculumTemperature on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'curriculumTemperature',
    curriculumTemperature,
    { student: { logits: [5] }, teacher: { logits: [5] } },
    {
      // At the default range T² is 240, by which float32's rounding of the divergence is multiplied.
      options: { reversal: 1, range: 2 },
      differenceStep: 0.1,
      variants: [{ lowest: 2 }, { range: 5 }],
      factorOfModules: -1,
      atEquality: 'zero',
      constant: ['teacher.logits'],
      refuses: { lowest: [0], range: [-1], reversal: [-1], weight: [-1], name: [''], output: [''] },
    },
  );

  describeGolden('the authors', authors, {
    makeTerm: () => curriculumTemperature(),
    values: ({ student, teacher }) => ({ student: { logits: student }, teacher: { logits: teacher } }),
    weights: (_, { T }) => ({ 'curriculum/raw': rawOf(T) }),
  });

  it.each(authors.cases)(
    'has the gradient of the temperature: $name',
    async ({ params, inputs, expected }) => {
      const [teacher, student] = [tensor2d(inputs.teacher), tensor2d(inputs.student)];
      // The authors' λ has no minus sign inside; their loss is the mean.
      const slope = grad((T: Tensor) =>
        curriculumTemperatureLoss(teacher, student, reversed(T, scalar(-params.lambda))),
      )(scalar(params.T));
      const [found = NaN] = await slope.data();
      const [reference = NaN] = [expected.gradParams?.['temperature']].flat(2) as number[];
      expectClose(found / inputs.student.length, reference, { relative: 1e-4, absolute: 1e-7 });
    },
  );
});

it('trains the temperature against the student by λ, which rises for ten epochs', () => {
  const { scalars } = curriculumTemperature();
  const at = (epoch: number): number => {
    const { reversal } = scalars;
    return typeof reversal === 'function' ? reversal({ step: 100 * epoch, epoch }) : NaN;
  };
  expectClose([at(0), at(5), at(10), at(50)], [0, 0.5, 1, 1], { relative: 0, absolute: 1e-12 });
  expect(curriculumTemperature({ reversal: 0.5 }).scalars).toEqual({ reversal: 0.5 });
});

describe('curriculumTemperatureLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const z = (classes = 3): Tensor => ones([2, classes]);
  itRefuses(
    [
      ['one class', () => [z(1), z(1), scalar(2)], 'KD_TENSOR_SHAPE', 'N >= 2'],
      ['a number', () => [z(), z(), 2], 'KD_TENSOR_TYPE', 'temperature'],
      [
        'a temperature for each example',
        () => [z(), z(), tensor1d([1, 2])],
        'KD_TENSOR_SHAPE',
        'temperature',
      ],
    ],
    (given: Parameters<typeof curriculumTemperatureLoss>) => curriculumTemperatureLoss(...given),
    'curriculumTemperatureLoss',
  );
});
