import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { registerTrainingKernels } from '@kd/backend';
import { describeTerm } from '@kd/conformance/vitest';
import {
  backends,
  expectClose,
  expectGolden,
  features,
  goldenFile,
  itRefuses,
  useBackend,
  valueAndGradient,
} from '@kd/testing';
import type { GoldenCase } from '@kd/testing';
import { grad, mul, ones, tensor, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { factorLoss, factorTransfer } from './index.js';
import type { FactorLossOptions, FactorTransferOptions } from './index.js';

type Maps = Record<'student' | 'teacher', number[][][][]>;
const repDistiller = goldenFile('factor-transfer/ft') as {
  readonly cases: GoldenCase<{ p1: 1 | 2; p2: 1 | 2 }, Maps>[];
};
const torchdistill = goldenFile('factor-transfer/ft_torchdistill') as {
  readonly cases: GoldenCase<{ p: 1 | 2; reduction: 'mean' | 'sum' }, Maps>[];
};
const taps = { student: 'a', teacher: 'b', name: 'ft' };
const pair = { student: { features: [3, 4, 2] }, teacher: { features: [4, 3, 4] } };
const refuses = {
  rate: [0, -1, Infinity, '1'],
  reconstruction: ['l1'],
  distance: ['l1'],
  channels: [2],
  weight: [-1],
  name: [''],
  student: [undefined],
  teacher: [undefined],
};
const paraphrase = (options: FactorTransferOptions) => factorTransfer(options).paraphrase;
const transfer = (options: FactorTransferOptions) => factorTransfer(options).transfer;

describe.each(backends)('factorTransfer on %s', (backend) => {
  beforeAll(async () => {
    registerTrainingKernels(); // The gradients of convolutions on wasm.
    await useBackend(backend);
  });

  describeTerm(
    'paraphrase',
    paraphrase,
    { teacher: { features: [6, 5, 4] } },
    {
      options: taps,
      variants: [{ rate: 1 }, { reconstruction: 'absolute' }],
      differenceStep: 1e-3,
      refuses,
      refusesShapes: [{ teacher: { features: [8] } }],
    },
  );
  describeTerm('transfer', transfer, pair, {
    options: taps,
    variants: [{ rate: 1 }, { distance: 'euclidean' }, { channels: 'mean square' }],
    constant: ['teacher.features'],
    differenceStep: 1e-3,
    refuses,
    refusesShapes: [
      { ...pair, student: { features: [16, 64] } },
      { ...pair, teacher: { features: [8] } },
    ],
  });

  it.each(repDistiller.cases)('agrees with RepDistiller: $name', async ({ params, inputs, expected }) => {
    const options: FactorLossOptions = {
      channels: params.p1 === 1 ? 'mean' : 'mean square',
      distance: params.p2 === 1 ? 'absolute' : 'squared',
    };
    const loss = (x: Tensor): Tensor => factorLoss(tensor(inputs.teacher), x, options);
    expectGolden(await valueAndGradient(loss, inputs.student, inputs.student.length), expected);
  });

  it.each(torchdistill.cases)('agrees with torchdistill: $name', async ({ params, inputs, expected }) => {
    const options: FactorLossOptions = { distance: params.p === 1 ? 'absolute' : 'euclidean' };
    const loss = (x: Tensor): Tensor => factorLoss(tensor(inputs.teacher), x, options);
    const divisor = params.reduction === 'mean' ? inputs.student.length : 1;
    expectGolden(await valueAndGradient(loss, inputs.student, divisor), expected);
  });
});

describe('factorLoss', () => {
  beforeAll(() => useBackend('cpu'));
  const distances = ['absolute', 'euclidean', 'squared'] as const;
  const kinds = distances.flatMap((distance) =>
    (['kept', 'mean', 'mean square'] as const).map((channels) => ({ distance, channels })),
  );

  it.each(kinds)('does not depend on the scale: $distance, $channels', async (options) => {
    const [teacher, student] = [features([2, 3, 2, 3], 1), features([2, 3, 2, 3], 2)];
    const expected = await factorLoss(teacher, student, options).array();
    const scaled = factorLoss(mul(teacher, 1e-4), mul(student, 1e12), options);
    expectClose(await scaled.data(), expected, { relative: 1e-4, absolute: 1e-7 });
  });

  it.each(kinds)('is 0 without a slope where factors are equal: $distance, $channels', async (options) => {
    for (const x of [features([2, 3, 2, 3], 1), zeros([1, 2, 2, 2])]) {
      const slope = grad((z: Tensor) => factorLoss(x, z, options))(x);
      expect(Array.from(await slope.data()).every((one) => Math.abs(one) < 1e-7)).toBe(true);
      const losses = Array.from(await factorLoss(x, x, options).data());
      expect(losses.every((one) => one < 1e-7)).toBe(true);
    }
  });

  const x = (): Tensor => ones([2, 2, 3, 2]);
  itRefuses(
    [
      ['vectors of the teacher', () => [ones([2, 3]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other channels', () => [x(), ones([2, 2, 3, 3])], 'KD_TENSOR_SHAPE', 'of 2 channels'],
      ['an unknown distance', () => [x(), x(), { distance: 'l1' }], 'KD_OPTION_RANGE', 'options.distance'],
    ],
    (given: Parameters<typeof factorLoss>) => factorLoss(...given),
    'factorLoss',
  );
});

it('describes itself', () => {
  const terms = factorTransfer({ student: 'a', teacher: 'b', weight: 500 });
  const name = 'factors a<-b';
  const paraphraser = { name: `paraphraser of ${name}` };
  expect(terms).toMatchObject({
    paraphrase: {
      name: `paraphrase of ${name}`,
      weight: 1,
      settings: { rate: 0.5, reconstruction: 'squared' },
      modules: { paraphraser: { ...paraphraser, frozen: false } },
    },
    transfer: {
      name,
      weight: 500,
      settings: { rate: 0.5, distance: 'absolute', channels: 'kept' },
      modules: { paraphraser: { ...paraphraser, frozen: true }, translator: { frozen: false } },
    },
  });
});

it('has nets of the sizes of the authors’ code', async () => {
  await useBackend('cpu');
  const { modules } = factorTransfer({ student: 'a', teacher: 'b' }).transfer;
  const [student, teacher] = [3, 8].map((channels) => ({ features: { shape: [null, 2, 2, channels] } }));
  const infos = { student: student ?? {}, teacher: teacher ?? {}, datasetSize: undefined, seed: 1 };
  const shapesOf = (net: unknown) =>
    (net as Sequential).weights.flatMap(({ shape }) => (shape.length === 4 ? [shape] : []));
  const { encoder, decoder } = modules['paraphraser']?.build(infos) ?? {};
  expect(shapesOf(encoder)).toEqual([[3, 3, 8, 8], [3, 3, 8, 4], [3, 3, 4, 4]]); // prettier-ignore
  expect(shapesOf(decoder)).toEqual([[3, 3, 4, 4], [3, 3, 4, 8], [3, 3, 8, 8]]); // prettier-ignore
  const { net } = modules['translator']?.build(infos) ?? {};
  expect(shapesOf(net)).toEqual([[3, 3, 3, 3], [3, 3, 3, 4], [3, 3, 4, 4]]); // prettier-ignore
  const slopes = (net as Sequential).layers.flatMap((layer) => layer.getConfig()['alpha'] ?? []);
  expect(slopes).toEqual([0.1, 0.1, 0.1]);
});
