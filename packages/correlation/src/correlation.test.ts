import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend, valueAndGradient } from '@kd/testing'; // prettier-ignore
import { mul, ones, tensor2d, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bilinear, correlation, correlationLoss, gaussian, neighbourCorrelation, neighbourCorrelationLoss } from './index.js'; // prettier-ignore

type Pair = Record<'student' | 'teacher', Nested>;
type KernelOfCase = { type: 'bilinear' } | { type: 'gaussian'; gamma: number; max_p: number };
const torchdistill = goldenFile('correlation/cc_kernel') as GoldenFile<
  { kernel: KernelOfCase; reduction: 'batchmean' | 'sum' },
  Pair
>;
const repDistiller = goldenFile('correlation/cc') as GoldenFile<object, Pair>;

const taps = { student: 'a', teacher: 'b' };
const shapes = { student: { features: [2, 3] }, teacher: { features: [2, 3] } };
const claims = {
  options: taps,
  atEquality: 'zero',
  constant: ['teacher.features'],
  refuses: { weight: [-1], name: [''], student: [undefined] },
} as const;
const values = ({ student, teacher }: Pair) => ({
  student: { features: student },
  teacher: { features: teacher },
});

const kernelOf = (kernel: KernelOfCase) =>
  kernel.type === 'bilinear'
    ? bilinear
    : gaussian({ gamma: kernel.gamma, order: kernel.max_p, unitLength: false });
/** The default kernel of all pairs, in float64. */
const kernelOfPairs = (rows: readonly number[][]): number[] =>
  rows.flatMap((a) =>
    rows.map((b) => {
      const product = a.reduce((total, x, i) => total + x * (b[i] ?? NaN), 0);
      const cosine = product / Math.hypot(...a) / Math.hypot(...b);
      return Math.exp(-0.8) * (1 + 0.8 * cosine + 0.32 * cosine ** 2);
    }),
  );
const flat = (examples: readonly unknown[] = []): number[][] =>
  examples.map((example) => [example].flat(Infinity) as number[]);

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('correlation', correlation, shapes, {
    ...claims,
    variants: [
      { kernel: bilinear },
      { kernel: gaussian({ gamma: 0.5 }) },
      { kernel: gaussian({ order: 3 }) },
      { kernel: gaussian({ unitLength: false }) },
      { distance: 'norm' },
    ],
    refuses: { ...claims.refuses, kernel: ['bilinear'], distance: ['frobenius'] },
    refusesShapes: [{ student: { features: [8] }, teacher: { features: [] } }],
    reference: ({ student, teacher }) => {
      const [t, s] = [teacher, student].map((side) => kernelOfPairs(flat(side['features'])));
      return [(t ?? []).reduce((total, k, i) => total + (k - (s?.[i] ?? NaN)) ** 2, 0) / (t?.length ?? NaN)];
    },
  });
  describeTerm('correlation by the norm of bilinear kernels', correlation, shapes, {
    ...claims,
    options: { ...taps, kernel: bilinear, distance: 'norm' },
  });
  describeTerm('neighbourCorrelation', neighbourCorrelation, shapes, {
    ...claims,
    ordered: true,
    refusesShapes: [
      { student: { features: [8] }, teacher: { features: [] } },
      { student: { features: [2, 4] }, teacher: { features: [4, 2] } },
    ],
  });

  describeGolden('torchdistill', torchdistill, {
    makeTerm: ({ kernel }) => correlation({ ...taps, kernel: kernelOf(kernel), distance: 'norm' }),
    values,
    // Its sum is B² times the loss.
    factor: ({ reduction }, { student }) => (reduction === 'sum' ? (student as number[][]).length ** -2 : 1),
  });
  describeGolden('RepDistiller', repDistiller, { makeTerm: () => neighbourCorrelation(taps), values });

  it('depends on the scale of no example, but with a bilinear kernel', async () => {
    const [teacher, student] = [features([4, 3], 1), features([4, 2], 2)];
    const uneven = mul(student, tensor2d([1, 1e-3, 1e4, 1e18], [4, 1]));
    const expected = await correlationLoss(teacher, student).data();
    expectClose(await correlationLoss(teacher, uneven).data(), expected, { relative: 1e-4, absolute: 0 });
    const twice = await correlationLoss(teacher, mul(teacher, 2), { kernel: bilinear }).data();
    expect(twice[0]).toBeGreaterThan(0);
  });

  it('has no gradient for an error of zero between neighbours', async () => {
    const teacher = tensor2d([[0, 1], [2, 3]]); // prettier-ignore
    const student = tensor2d([[0, 2], [3, 5]]); // prettier-ignore
    const { value, gradient } = await valueAndGradient((x) => neighbourCorrelationLoss(teacher, x), student);
    expect([value, ...gradient]).toEqual([2, 0, 2, 0, 1]);
    expect(await neighbourCorrelationLoss(ones([1, 3]), mul(ones([1, 3]), 2)).array()).toBe(0);
  });
});

it('gives a kernel a name that has its options', () => {
  expect(gaussian().name).toBe('gaussian(0.4, 2)');
  expect(gaussian({ gamma: 0.5, unitLength: false }).name).toBe('gaussian(0.5, 2, any length)');
});

describe('refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3]);
  itRefuses(
    [
      ['numbers without features', () => [ones([2]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other examples', () => [ones([3, 3]), x()], 'KD_TENSOR_SHAPE', 'the same number of examples'],
      ['a kernel of others', () => [x(), x(), { kernel: transpose }], 'KD_TENSOR_SHAPE', 'options.kernel'],
      ['an unknown option', () => [x(), x(), { kernels: 1 }], 'KD_OPTION_UNKNOWN', 'options.kernels'],
    ],
    (given: Parameters<typeof correlationLoss>) => correlationLoss(...given),
    'correlationLoss',
  );
  itRefuses(
    [
      ['γ = 0', () => ({ gamma: 0 }), 'KD_OPTION_RANGE', 'options.gamma'],
      ['half an order', () => ({ order: 1.5 }), 'KD_OPTION_RANGE', 'options.order'],
    ],
    (options: Parameters<typeof gaussian>[0]) => gaussian(options),
    'gaussian',
  );
  itRefuses(
    [['features of two sizes', () => ones([2, 4]), 'KD_TENSOR_SHAPE', 'studentFeatures']],
    (student: Tensor) => neighbourCorrelationLoss(x(), student),
    'neighbourCorrelationLoss',
  );
  itRefuses([['maps', () => ones([2, 4, 1]), 'KD_TENSOR_SHAPE', 'rows']], bilinear, 'bilinear');
});
