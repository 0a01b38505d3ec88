import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { grad, mul, ones, reverse, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { probabilistic, probabilisticLoss } from './index.js';

/** The mean over all pairs, in float64. */
function divergence(p: number[][], q: number[][]): number {
  const terms = p.flatMap((row, i) =>
    row.map((x, j) => x * Math.log((x + 1e-7) / ((q[i]?.[j] ?? NaN) + 1e-7))),
  );
  return terms.reduce((a, b) => a + b) / terms.length;
}

/** The probabilities that an example picks each other one. */
function ofOthers(rows: readonly number[][]): number[][] {
  const dot = (a: number[], b: number[]): number => a.reduce((total, x, k) => total + x * (b[k] ?? NaN), 0);
  return rows.map((a) => {
    const cosines = rows.map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)));
    const similar = cosines.map((cosine, j) => (rows[j] === a ? 0 : (1 + cosine) / 2));
    return similar.map((x) => x / similar.reduce((total, y) => total + y));
  });
}

const taps = { student: 'a', teacher: 'b' };
interface Inputs {
  readonly student: Nested;
  readonly teacher: Nested;
}
const repDistiller = goldenFile('probabilistic/pkt') as GoldenFile<object, Inputs>;

describe.each(backends)('probabilistic on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm(
    'probabilistic',
    probabilistic,
    { student: { features: [2, 3] }, teacher: { features: [2, 3] } },
    {
      options: taps,
      variants: [{ pairs: 'different' }],
      atEquality: 'zero',
      scaleFree: true,
      constant: ['teacher.features'],
      refuses: { pairs: ['none'], weight: [-1], name: [''], student: [undefined] },
      refusesShapes: [{ student: { features: [8] }, teacher: { features: [] } }],
    },
  );

  describeTerm(
    'probabilistic with different pairs',
    probabilistic,
    { student: { features: [6] }, teacher: { features: [6] } },
    {
      options: { ...taps, pairs: 'different' },
      atEquality: 'zero',
      scaleFree: true,
      reference: ({ student, teacher }) => [
        divergence(ofOthers(teacher['features'] as number[][]), ofOthers(student['features'] as number[][])),
      ],
    },
  );

  // Nearly opposite examples: their probability of 1e-5 is from 1 plus a cosine, off by 1e-7.
  const isNearlyOpposite = ({ name }: { name: string }): boolean => name === 'magnitude50';
  const from = {
    makeTerm: () => probabilistic(taps),
    values: ({ student, teacher }: Inputs) => ({
      student: { features: student },
      teacher: { features: teacher },
    }),
  };
  const others = repDistiller.cases.filter((golden) => !isNearlyOpposite(golden));
  describeGolden('RepDistiller', { ...repDistiller, cases: others }, from);
  describeGolden(
    'RepDistiller, opposite',
    { cases: repDistiller.cases.filter(isNearlyOpposite) },
    { ...from, tolerance: 1e-3, toleranceOfGradient: 5e-3 },
  );

  it('depends on neither the lengths of the examples nor the order of their features', async () => {
    const [teacher, student] = [features([4, 3], 1), features([4, 2], 2)];
    const expected = await probabilisticLoss(teacher, student).array();
    const lengths = tensor2d([1, 50, 1e-6, 1e15], [4, 1]);
    for (const changed of [mul(student, lengths), mul(student, 1e-8), reverse(student, 1)])
      expectClose(await probabilisticLoss(teacher, changed).data(), expected, {
        relative: 1e-5,
        absolute: 0,
      });
  });

  it.each([0, 1e-13])('counts an example of %d as zero, without a gradient', async (size) => {
    const teacher = tensor2d([1, 0, 1, 1, 0, 1], [3, 2]);
    const student = tensor2d([1, 0, size, 0, 0, 1], [3, 2]);
    const loss = (x: Tensor) => probabilisticLoss(teacher, x);
    expectClose(await loss(student).data(), 0.00724744, { relative: 1e-5, absolute: 0 });
    const slopes = await grad(loss)(student).data();
    expect(Array.from(slopes.slice(2, 4), Math.abs)).toEqual([0, 0]);
    expect(slopes.every(Number.isFinite) && slopes.some((slope) => slope !== 0)).toBe(true);
  });

  it.each(['all', 'different'] as const)('is finite for opposite examples: %s pairs', async (pairs) => {
    const [teacher, student] = [features([3, 2]), tensor2d([1, 3, -1, -3, -2, -6], [3, 2])];
    const loss = (x: Tensor) => probabilisticLoss(teacher, x, { pairs });
    expect((await loss(student).data())[0]).toBeGreaterThan(0);
    expect((await grad(loss)(student).data()).every(Number.isFinite)).toBe(true);
    expect(await probabilisticLoss(ones([1, 3]), ones([1, 2]), { pairs }).array()).toBe(0);
  });
});

describe('probabilisticLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3]);
  itRefuses(
    [
      ['numbers without features', () => [ones([2]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other examples', () => [ones([3, 3]), x()], 'KD_TENSOR_SHAPE', 'the same number of examples'],
      ['unknown pairs', () => [x(), x(), { pairs: 'some' }], 'KD_OPTION_RANGE', 'options.pairs'],
      ['an unknown option', () => [x(), x(), { pair: 'all' }], 'KD_OPTION_UNKNOWN', 'options.pair'],
    ],
    (given: Parameters<typeof probabilisticLoss>) => probabilisticLoss(...given),
    'probabilisticLoss',
  );
});
