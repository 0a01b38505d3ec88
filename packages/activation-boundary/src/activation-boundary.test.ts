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
import {
  dispose,
  grad,
  mul,
  ones,
  relu,
  tensor1d,
  tensor2d,
  tensor3d,
  variable,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { connected } from './connector.js';
import { activationBoundary, activationBoundaryLoss } from './index.js';

const taps = { student: 'a', teacher: 'b', name: 'ab' };
const equal = { student: { features: [3, 4, 3] }, teacher: { features: [3, 4, 3] } };
const bad = { margin: [0, -1, Infinity], connects: ['no'], weight: [-1], name: [''], student: [undefined], teacher: [undefined] }; // prettier-ignore
type Pair = Record<'student' | 'teacher', Nested>;
interface OfLayer { readonly margin: number; readonly factor: number } // prettier-ignore
interface OfLayers {
  readonly name: string;
  readonly params: { readonly margin: number };
  readonly inputs: Record<'student' | 'teacher', readonly Nested[]>;
  readonly expected: { readonly losses: readonly number[]; readonly gradStudent: readonly Nested[] };
}
const values = ({ student, teacher }: Pair) => ({
  student: { features: student },
  teacher: { features: teacher },
});
/** A case for each layer of a case. RepDistiller weighs them by 3/1000, and by half for each layer above. */
const ofLayers = ({ name, params, inputs, expected }: OfLayers) =>
  inputs.student.map((student, layer, { length }) => ({
    name: `${name}, layer ${String(layer)}`,
    params: { ...params, factor: (1000 / 3) * 2 ** (length - 1 - layer) },
    inputs: { student, teacher: inputs.teacher[layer] ?? [] },
    expected: { loss: expected.losses[layer] ?? NaN, gradStudent: expected.gradStudent[layer] ?? [] },
  }));
const repDistiller: GoldenFile<OfLayer, Pair> = {
  cases: (goldenFile('activation-boundary/ab') as { cases: OfLayers[] }).cases.flatMap(ofLayers),
};
const torchdistill = goldenFile('activation-boundary/ab_torchdistill') as GoldenFile<
  { readonly margin: number; readonly weight: number; readonly reduction: string },
  Pair
>;

describe.each(backends)('activationBoundary on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'activationBoundary',
    activationBoundary,
    { student: { features: [3, 4, 2] }, teacher: { features: [3, 4, 3] } },
    {
      options: taps,
      variants: [{ margin: 2 }],
      constant: ['teacher.features'],
      // Through the statistics of the connector.
      relatesExamples: true,
      refuses: bad,
      refusesShapes: [
        { ...equal, student: { features: [3, 2, 3] } },
        { ...equal, teacher: { features: [12, 3] } },
        { student: { features: [] }, teacher: { features: [] } },
      ],
    },
  );
  describeTerm('activationBoundary without a connector', activationBoundary, equal, {
    options: { ...taps, connects: false },
    variants: [{ connects: true }, { margin: 2 }],
    constant: ['teacher.features'],
    refuses: bad,
    refusesShapes: [{ ...equal, student: { features: [3, 4, 2] } }],
  });

  const makeTerm = ({ margin }: { readonly margin: number }) =>
    activationBoundary({ ...taps, margin, connects: false });
  describeGolden('RepDistiller', repDistiller, { makeTerm, values, factor: ({ factor }) => factor });
  describeGolden('torchdistill', torchdistill, {
    makeTerm,
    values,
    factor: ({ weight, reduction }, { student }) =>
      1 / weight / (reduction === 'sum' ? (student as Nested[]).length : 1),
  });

  it('learns on which side of zero the teacher is, and nothing else', async () => {
    const [teacher, student] = [features([3, 4, 2], 1), features([3, 4, 2], 2)];
    const expected = await activationBoundaryLoss(teacher, student).array();
    for (const alike of [mul(teacher, 1e12), mul(teacher, 1e-12), relu(teacher)])
      expect(await activationBoundaryLoss(alike, student).array()).toEqual(expected);
  });

  it('is zero for what is right, however large, and NaN for NaN', async () => {
    const [teacher, student] = [tensor2d([[1, -1, 1], [1, 1, 1]]), tensor2d([[1e30, -1e30, 1], [NaN, 1, 1]])]; // prettier-ignore
    expect(await activationBoundaryLoss(teacher, student).array()).toEqual([0, NaN]);
    const slopes = await grad((x: Tensor) => activationBoundaryLoss(teacher, x))(student).data();
    expect(Array.from(slopes.slice(0, 3), Math.abs)).toEqual([0, 0, 0]);
  });

  it('connects by a product, a normalisation, a scale and an offset', async () => {
    const parts = {
      kernel: variable(tensor2d([[1, 0], [1, 2]])), // prettier-ignore
      scale: variable(tensor1d([1, 3])),
      offset: variable(tensor1d([0, 1])),
    };
    // The products are [1, 0] and [5, 4].
    const after = await connected(parts, tensor3d([1, 0, 3, 2], [1, 2, 2])).data();
    expectClose(after, [-1, -2, 1, 4], { relative: 1e-5, absolute: 0 });
    dispose(parts);
  });
});

describe('activationBoundaryLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3]);
  itRefuses(
    [
      ['numbers', () => [ones([2]), ones([2])], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other examples', () => [x(), ones([3, 3])], 'KD_TENSOR_SHAPE', 'the same number of examples'],
      ['other neurons', () => [x(), ones([2, 1])], 'KD_TENSOR_SHAPE', 'studentFeatures', '[2,3]'],
      ['no margin', () => [x(), x(), { margin: 0 }], 'KD_OPTION_RANGE', 'options.margin'],
    ],
    (given: Parameters<typeof activationBoundaryLoss>) => activationBoundaryLoss(...given),
    'activationBoundaryLoss',
  );
});

describe('activations', () => {
  const check = (student: string, teacher: string, connects: boolean): unknown =>
    activationBoundary({ student: 'a', teacher: 'b', connects }).check?.({
      student: { features: { shape: [null, 3], activation: student } },
      teacher: { features: { shape: [null, 3], activation: teacher } },
      datasetSize: undefined,
    });

  it.each([
    ['linear', 'relu', false],
    ['tanh', 'tanh', false],
    ['relu', 'relu', true],
  ])('accepts %s and %s, connected: %s', (student, teacher, connects) => {
    expect(check(student, teacher, connects)).toBeUndefined();
  });

  it.each([
    ['relu', 'linear', false, 'options.student'],
    ['linear', 'sigmoid', true, 'options.teacher'],
  ])('refuses %s and %s, connected: %s', (student, teacher, connects, argument) =>
    expectKdError(() => check(student, teacher, connects), 'KD_TERM_NEEDS', argument),
  );
});
