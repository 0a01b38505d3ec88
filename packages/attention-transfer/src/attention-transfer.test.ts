import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenCase, Nested } from '@kd/conformance';
import { linear } from '@kd/schedule';
import { backends, goldenFile, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { attentionTransfer, euclideanDistance, meanSquaredDifference } from './index.js';

type Maps = number[][][];
type Case<P> = GoldenCase<P, { student: Nested; teacher: Nested }>;

const taps = { student: 'conv_1', teacher: 'conv_2' };
const pair = { student: { features: [3, 4, 2] }, teacher: { features: [3, 4, 2] } };
const repDistiller = goldenFile('attention-transfer/at') as { cases: Case<{ p: number }>[] };
const torchdistill = goldenFile('attention-transfer/at_torchdistill') as {
  cases: Case<{ mode: 'code' | 'paper'; weight: number }>[];
};
const values = ({ student, teacher }: Case<object>['inputs']) => ({
  student: { features: student },
  teacher: { features: teacher },
});

describe.each(backends)('attentionTransfer on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each([1, 1.5, 2, 4])('power %d', (power) => {
    describeTerm('attentionTransfer', attentionTransfer, pair, {
      options: { ...taps, power },
      variants: [{ power: 3 }, { distance: meanSquaredDifference }],
      atEquality: 'zero',
      // At a power of 1 the gradient jumps where a feature changes its sign.
      differenceStep: 2e-3,
      constant: ['teacher.features'],
      reference: ({ student, teacher }) =>
        (teacher['features'] as Maps[]).map((each, row) =>
          float64.attentionTransfer(each, student['features']?.[row] as Maps, power),
        ),
      refuses: {
        power: [0.5, Infinity],
        distance: ['code'],
        weight: [-1],
        name: [''],
        student: [undefined],
        teacher: [undefined],
      },
      refusesShapes: [
        { ...pair, student: { features: [16, 64] } },
        { ...pair, teacher: { features: [4, 8, 8, 2] } },
      ],
    });
  });

  // Its case of two layers is two terms.
  const single = repDistiller.cases.filter(({ name }) => name !== 'two_layers');
  describeGolden(
    'RepDistiller',
    { cases: single },
    {
      makeTerm: ({ p }) => attentionTransfer({ ...taps, power: p, distance: meanSquaredDifference }),
      values,
    },
  );

  const unweighted = torchdistill.cases.filter(({ params }) => params.weight === 1);
  describeGolden(
    'torchdistill',
    { cases: unweighted },
    {
      makeTerm: ({ mode }) =>
        attentionTransfer({
          ...taps,
          distance: { paper: euclideanDistance, code: meanSquaredDifference }[mode],
        }),
      values,
    },
  );
});

it('describes itself', () => {
  const weight = linear({ from: 1, to: 0, epochs: 5 });
  expect(attentionTransfer({ ...taps, weight })).toMatchObject({
    name: 'attention conv_1<-conv_2',
    weight,
    reduces: 'example',
    reads: { student: { features: 'conv_1' }, teacher: { features: 'conv_2' } },
    settings: { power: 2, distance: euclideanDistance },
  });
});
