import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import {
  backends,
  expectClose,
  expectGolden,
  features,
  goldenFile,
  itRefuses,
  numericGradient,
  useBackend,
  valueAndGradient,
} from '@kd/testing';
import type { GoldenCase } from '@kd/testing';
import { avgPool, grad, mul, ones, sum, tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { attentionTransferLoss } from './attention-transfer-loss.js';
import { euclideanDistance, meanSquaredDifference } from './map-distance.js';

const close = { relative: 1e-5, absolute: 0 };

/** Feature maps `[B, H, W, C]`, in a list for several layers. */
type Maps = number[][][][];
interface Pair<T> {
  readonly student: T;
  readonly teacher: T;
}
const repDistiller = goldenFile('attention-transfer/at') as {
  readonly cases: (GoldenCase<{ p: number }, Pair<Maps | Maps[]>, Maps | Maps[]> & {
    readonly shapes: Pair<unknown[]>;
    readonly expected: { readonly losses?: number[] };
  })[];
  readonly raises: { readonly name: string; readonly shapes: Pair<number[]> }[];
};
const torchdistill = goldenFile('attention-transfer/at_torchdistill') as {
  readonly cases: GoldenCase<{ mode: 'code' | 'paper'; weight: number }, Pair<Maps>>[];
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(repDistiller.cases)('agrees with RepDistiller: $name', async (golden) => {
    const { params, shapes, inputs, expected } = golden;
    const options = { power: params.p, distance: meanSquaredDifference };
    const layersOf = (maps: Maps | Maps[]): Maps[] =>
      Array.isArray(shapes.student[0]) ? (maps as Maps[]) : [maps as Maps];
    let total = 0;
    for (const [layer, student] of layersOf(inputs.student).entries()) {
      const teacher = tensor4d(layersOf(inputs.teacher)[layer] ?? []);
      const loss = (x: Tensor): Tensor => attentionTransferLoss(teacher, x, options);
      const actual = await valueAndGradient(loss, student, student.length);
      expectGolden(actual, {
        loss: (expected.losses ?? [expected.loss])[layer] ?? NaN,
        gradStudent: layersOf(expected.gradStudent)[layer],
      });
      total += actual.value;
    }
    expectClose(total, expected.loss, close);
  });

  it.each(torchdistill.cases)(
    'agrees with torchdistill: $name',
    async ({ params: { mode, weight }, inputs: { teacher, student }, expected }) => {
      const distance = { paper: euclideanDistance, code: meanSquaredDifference }[mode];
      const loss = (x: Tensor): Tensor =>
        mul(attentionTransferLoss(tensor4d(teacher), x, { distance }), weight);
      expectGolden(await valueAndGradient(loss, student, student.length), expected);
    },
  );

  // RepDistiller compares heights only and pools to a square, so that it fails on these shapes.
  it.each(repDistiller.raises)('pools each axis although RepDistiller raises: $name', async ({ shapes }) => {
    const [teacher, student] = [features(shapes.teacher, 1), features(shapes.student, 2)];
    const [t, s] = await Promise.all([teacher, student].map(float64.examplesOf));
    expectClose(
      await attentionTransferLoss(teacher, student).data(),
      (t ?? []).map((example, row) => float64.attentionTransfer(example, s?.[row] ?? [], 2)),
      close,
    );
  });

  it('pools both sides if each is larger on one axis', async () => {
    const [teacher, student] = [features([2, 6, 2, 3], 1), features([2, 3, 8, 4], 2)];
    const pooled = attentionTransferLoss(
      avgPool(teacher as Tensor4D, [2, 1], [2, 1], 'valid'),
      avgPool(student as Tensor4D, [1, 4], [1, 4], 'valid'),
    );
    expectClose(await attentionTransferLoss(teacher, student).data(), await pooled.array(), close);
  });

  it('accepts the caller’s distance, which tfjs differentiates', async () => {
    const [teacher, student] = [features([2, 3, 3, 2], 1), features([2, 3, 3, 4], 2)];
    const distance = (t: Tensor, s: Tensor): Tensor => sum(mul(t, s), 1);
    const cosine = (x: Tensor): Tensor => attentionTransferLoss(teacher, x, { distance });
    const squared = attentionTransferLoss(teacher, student, { distance: meanSquaredDifference });
    // ||s - t||² = 2 - 2 s·t for vectors of length 1, here of 9 positions.
    const expected = Array.from(await squared.data(), (value) => 1 - (9 / 2) * value);
    expectClose(await cosine(student).data(), expected, close);
    expectClose(await grad(cosine)(student).data(), numericGradient(cosine, student), {
      relative: 2e-3,
      absolute: 1e-3,
    });
  });
});

describe('attentionTransferLoss', () => {
  beforeAll(() => useBackend('cpu'));

  const size = fc.integer({ min: 1, max: 5 });
  // All of one sign, so that pooling never cancels an example to zero.
  const activation = fc.float({ min: 0.125, max: 8, noNaN: true });
  const listOf = <T>(length: number, each: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(each, { minLength: length, maxLength: length });
  const example = fc
    .tuple(size, size, fc.integer({ min: 1, max: 3 }))
    .chain(([height, width, channels]) => listOf(height, listOf(width, listOf(channels, activation))));

  it('agrees with its definition in float64 for any two sizes', async () => {
    await fc.assert(
      fc.asyncProperty(example, example, fc.constantFrom(1, 2, 3, 4), async (t, s, power) => {
        const [value = NaN] = await attentionTransferLoss(tensor4d([t]), tensor4d([s]), { power }).data();
        expectClose(value, float64.attentionTransfer(t, s, power), { relative: 1e-5, absolute: 1e-6 });
      }),
    );
  });

  const x = (): Tensor => ones([2, 2, 3, 1]);
  const none = '[2,3]';
  itRefuses(
    [
      ['vectors of the teacher', () => [ones([2, 3]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures', none],
      ['vectors of the student', () => [x(), ones([2, 3])], 'KD_TENSOR_SHAPE', 'studentFeatures', none],
      ['a power below 1', () => [x(), x(), { power: 0.5 }], 'KD_OPTION_RANGE', 'options.power', '0.5'],
      ['a name', () => [x(), x(), { distance: 'code' }], 'KD_OPTION_TYPE', 'options.distance'],
      ['an unknown option', () => [x(), x(), { p: 2 }], 'KD_OPTION_UNKNOWN', 'one of power, distance'],
      [
        'a distance that gives one number for each position',
        () => [x(), x(), { distance: (_: Tensor, s: Tensor) => s }],
        'KD_TENSOR_SHAPE',
        '[2,6]',
      ],
      [
        'a distance that gives whole numbers',
        () => [x(), x(), { distance: () => ones([2], 'int32') }],
        'KD_TENSOR_DTYPE',
        'the value of options.distance',
      ],
    ],
    (given: Parameters<typeof attentionTransferLoss>) => attentionTransferLoss(...given),
    'attentionTransferLoss',
  );
});
