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
import {
  add,
  div,
  gather,
  grad,
  matMul,
  max,
  mul,
  neg,
  ones,
  reverse,
  sum,
  tensor,
  tensor1d,
  tensor2d,
} from '@tensorflow/tfjs-core';
import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { rowsToUnitLength, rowsToUnitSum } from './normalize-rows.js';
import { similarityPreservingLoss } from './similarity-preserving-loss.js';

const norms = [
  ['rowsToUnitLength', rowsToUnitLength, float64.length],
  ['rowsToUnitSum', rowsToUnitSum, float64.absoluteSum],
] as const;

interface Inputs {
  readonly student: number[][];
  readonly teacher: TensorLike;
}
interface Golden<Params> {
  readonly cases: GoldenCase<Params, Inputs>[];
  /** Cases whose gradient explodes in the reference. */
  readonly degenerate: { readonly name: string; readonly inputs: Inputs; readonly what: { loss: number } }[];
}
const repDistiller = goldenFile('similarity-preserving/sp') as Golden<object>;
const torchdistill = goldenFile('similarity-preserving/sp_torchdistill') as Golden<{ reduction: string }>;

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(torchdistill.cases)(
    'agrees with torchdistill: $name',
    async ({ params: { reduction }, inputs, expected }) => {
      const factor = reduction === 'sum' ? inputs.student.length ** 2 : 1;
      const options = { normalize: rowsToUnitSum };
      const loss = (x: Tensor): Tensor =>
        mul(similarityPreservingLoss(tensor(inputs.teacher), x, options), factor);
      expectGolden(await valueAndGradient(loss, inputs.student), expected);
    },
  );

  it.each(repDistiller.degenerate)(
    'has RepDistiller’s value and a bounded gradient where RepDistiller’s explodes: $name',
    async ({ inputs, what }) => {
      const [teacher, student] = [tensor(inputs.teacher), tensor(inputs.student)];
      const loss = (x: Tensor): Tensor => similarityPreservingLoss(teacher, x);
      const { value, gradient } = await valueAndGradient(loss, student);
      expectClose(value, what.loss, { relative: 1e-5, absolute: 0 });
      expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1);
      // Central differences are valid for the other rows; at the zero row the loss jumps.
      const regular = (slopes: number[]): number[] => slopes.filter((_, at) => Math.floor(at / 4) !== 1);
      const numeric = numericGradient(loss, student);
      expectClose(regular(gradient), regular(numeric), { relative: 2e-3, absolute: 1e-3 });
    },
  );

  it('accepts the caller’s normalisation, which tfjs differentiates', async () => {
    const [teacher, student] = [features([4, 3], 1), features([4, 5], 2)];
    const normalize = (rows: Tensor): Tensor => div(rows, max(rows));
    const loss = (x: Tensor): Tensor => similarityPreservingLoss(teacher, x, { normalize });
    const gram = (x: Tensor): Tensor => matMul(x, x, false, true);
    const difference = add(normalize(gram(teacher)), neg(normalize(gram(student))));
    const expected = Array.from(await difference.data()).reduce((total, x) => total + x * x, 0) / 16;
    expectClose(await loss(student).data(), expected, { relative: 1e-5, absolute: 0 });
    expectClose(await grad(loss)(student).data(), numericGradient(loss, student), {
      relative: 5e-3,
      absolute: 1e-3,
    });
  });

  describe.each(norms)('with %s', (_name, normalize) => {
    const loss = (teacher: Tensor, student: Tensor): Tensor =>
      similarityPreservingLoss(teacher, student, { normalize });
    const valueOf = async (teacher: Tensor, student: Tensor): Promise<number> =>
      (await loss(teacher, student).data())[0] ?? NaN;

    it('is zero for one example, and so is its gradient', async () => {
      const { value, gradient } = await valueAndGradient(
        (x) => loss(features([1, 3], 1), x),
        features([1, 5]),
      );
      expectClose([value, ...gradient], Array<number>(6).fill(0), { relative: 0, absolute: 1e-12 });
    });

    it('ignores rotations, reflections and the order of features', async () => {
      const [teacher, student] = [features([4, 3], 1), features([4, 2], 2)];
      const expected = await valueOf(teacher, student);
      const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)];
      const rotated = matMul(student, tensor2d([[cos, sin], [-sin, cos]])); // prettier-ignore
      for (const changed of [rotated, reverse(student, 1), neg(student)])
        expectClose(await valueOf(teacher, changed), expected, { relative: 1e-5, absolute: 1e-7 });
      expectClose(await valueOf(student, rotated), 0, { relative: 0, absolute: 1e-12 });
    });

    it('ignores the order of the batch, if it is the same on both sides', async () => {
      const [teacher, student] = [features([4, 3], 1), features([4, 2], 2)];
      const order = tensor1d([2, 0, 3, 1], 'int32');
      const expected = await valueOf(teacher, student);
      const turned = await valueOf(gather(teacher, order), gather(student, order));
      expectClose(turned, expected, { relative: 1e-5, absolute: 0 });
      expect(Math.abs((await valueOf(gather(teacher, order), student)) - expected)).toBeGreaterThan(1e-2);
    });

    it.each([1e-9, 1e-3, 1e4, 1e18])('ignores the scale of either side: %d', async (scale) => {
      const [teacher, student] = [features([4, 3], 1), features([4, 2], 2)];
      const plain = await valueAndGradient((x) => loss(teacher, x), student);
      const scaled = await valueAndGradient((x) => loss(mul(teacher, scale), x), mul(student, scale));
      expectClose(scaled.value, plain.value, { relative: 1e-5, absolute: 0 });
      expectClose(
        scaled.gradient.map((slope) => slope * scale),
        plain.gradient,
        { relative: 1e-4, absolute: 1e-6 },
      );
    });
  });
});

describe('similarityPreservingLoss', () => {
  beforeAll(() => useBackend('cpu'));

  const value = fc
    .float({ min: -4, max: 4, noNaN: true, noDefaultInfinity: true })
    .map((x) => x + Math.sign(x));
  const batch = fc.integer({ min: 1, max: 5 });
  const rows = (count: number): fc.Arbitrary<number[][]> =>
    fc.integer({ min: 1, max: 4 }).chain((size) =>
      fc.array(fc.array(value, { minLength: size, maxLength: size }), {
        minLength: count,
        maxLength: count,
      }),
    );
  const pair = batch.chain((count) => fc.tuple(rows(count), rows(count)));

  it('agrees with its definition in float64 for any batch, zero examples included', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.constantFrom(...norms), async ([t, s], [, normalize, norm]) => {
        const loss = similarityPreservingLoss(tensor2d(t), tensor2d(s), { normalize });
        const [ours = NaN] = await loss.data();
        expectClose(ours, float64.similarityPreserving(t, s, norm), { relative: 1e-5, absolute: 1e-6 });
      }),
    );
  });

  const x = (): Tensor => ones([2, 3]);
  const none = '[2]';
  itRefuses(
    [
      ['no features of the teacher', () => [ones([2]), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures', none],
      ['no features of the student', () => [x(), ones([2])], 'KD_TENSOR_SHAPE', 'studentFeatures', none],
      ['a name', () => [x(), x(), { normalize: 'l1' }], 'KD_OPTION_TYPE', 'options.normalize'],
      ['an unknown option', () => [x(), x(), { p: 1 }], 'KD_OPTION_UNKNOWN', 'options.p'],
      [
        'a normalisation that gives one number for each row',
        () => [x(), x(), { normalize: (rows: Tensor) => sum(rows, 1) }],
        'KD_TENSOR_SHAPE',
        '[2]',
      ],
      [
        'a normalisation that gives whole numbers',
        () => [x(), x(), { normalize: () => ones([2, 2], 'int32') }],
        'KD_TENSOR_DTYPE',
        'the value of options.normalize',
      ],
    ],
    (given: Parameters<typeof similarityPreservingLoss>) => similarityPreservingLoss(...given),
    'similarityPreservingLoss',
  );
});
