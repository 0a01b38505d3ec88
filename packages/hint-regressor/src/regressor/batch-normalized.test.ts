// RepDistiller's ConvReg.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { registerTrainingKernels } from '@kd/backend';
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, expectKdError, goldenFile, useBackend } from '@kd/testing';
import { grad, ones, sum, tensor, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hint } from '../term/hint.js';
import { planRegressor } from './plan.js';
import { regress } from './regress.js';

const options = { student: 'a', teacher: 'b', kind: 'batchNormalized', reduction: 'mean' } as const;
const regressor = 'regressor a<-b';
type Input = 'student' | 'teacher' | 'kernel' | 'bnGamma' | 'bnBeta';
const repDistiller = goldenFile('hint-regressor/hint_regressor') as GoldenFile<
  { readonly useRelu: boolean },
  { readonly [K in Input]: Nested }
>;
interface ConvReg {
  readonly kind: string;
  readonly student: number[];
  readonly teacher: number[];
  readonly layer: 'Conv2d' | 'ConvTranspose2d';
  readonly kernel: [number, number];
  readonly stride: [number, number];
  readonly padding: [number, number];
  readonly raises: boolean;
  readonly matchesTeacher: boolean;
}
const { regressors } = goldenFile('hint-regressor/hint') as { readonly regressors: ConvReg[] };
const shapes = regressors.filter(({ kind }) => kind === 'ConvReg');

describe.each(backends)('batchNormalized on %s', (backend) => {
  beforeAll(async () => {
    registerTrainingKernels(); // The gradients of convolutions on wasm.
    await useBackend(backend);
  });

  describeGolden('RepDistiller', repDistiller, {
    makeTerm: ({ useRelu }) => hint({ ...options, activation: useRelu ? 'relu' : 'linear' }),
    values: ({ student, teacher }) => ({
      student: { guided: [student], layer: student },
      teacher: { hints: [teacher], layer: teacher },
      lists: ['student.guided', 'teacher.hints'],
    }),
    weights: ({ kernel, bnGamma, bnBeta }) => ({
      [`${regressor}/kernel`]: kernel,
      [`${regressor}/scale`]: bnGamma,
      [`${regressor}/offset`]: bnBeta,
    }),
    namesOfGradients: { [`${regressor}/kernel`]: 'kernel', [`${regressor}/scale`]: 'bnGamma' },
  });

  // The regressor reads each pair of layers by itself.
  const between = (student: number[], teacher: number[]) => ({
    student: { guided: [student], layer: student },
    teacher: { hints: [teacher], layer: teacher },
  });
  // Through the statistics of the normalisation.
  const claims = { options, relatesExamples: true, constant: ['teacher.hints'] };
  describeTerm('a hint of twice the size', hint, between([2, 3, 2], [4, 6, 3]), claims);
  describeTerm('a hint of half the size', hint, between([4, 5, 2], [2, 3, 3]), {
    ...claims,
    variants: [{ activation: 'relu' }],
  });
  for (const reduction of ['paper', 'mean'] as const)
    describeTerm(
      `a hint with a mask, reduction ${reduction}`,
      hint,
      { ...between([4, 2], [4, 3]), mask: [4] },
      { ...claims, options: { ...options, reduction } },
    );
});

describe('the shape of a batchNormalized regressor', () => {
  const plan = (student: number[], teacher: number[]) =>
    planRegressor('test', student, teacher, { kind: 'batchNormalized' });

  it.each(shapes.filter(({ matchesTeacher }) => matchesTeacher))(
    'is RepDistiller’s, from $student to $teacher',
    ({ student, teacher, layer, kernel, stride, padding }) => {
      const { form, kernelShape = [], strides, padding: zeros, parameters } = plan(student, teacher);
      const channels: [number, number] = [student[3] as number, teacher[3] as number];
      const size = kernel[0] * kernel[1] * channels[0] * channels[1];
      expect(parameters).toBe(size + 2 * channels[1]);
      if (form === 'pointwise') expect([kernel, kernelShape]).toEqual([[1, 1], channels]);
      else {
        expect(form).toBe(layer === 'Conv2d' ? 'convolution' : 'transposed');
        expect(kernelShape.slice(0, 2)).toEqual(kernel);
      }
      expect([strides, [zeros, zeros]]).toEqual([stride, padding]);
    },
  );

  // There the widths differ, at which RepDistiller does not look.
  it.each(shapes.filter(({ raises, matchesTeacher }) => raises || !matchesTeacher))(
    'fits or is refused where RepDistiller fails, from $student to $teacher',
    async ({ student, teacher }) => {
      if (student.every((size, axis) => axis === 3 || size >= (teacher[axis] as number)))
        expect(plan(student, teacher).hintShape).toEqual(teacher.slice(1));
      else await expectKdError(() => plan(student, teacher), 'KD_HINT_SHAPES', 'batchNormalized');
    },
  );

  it('halves odd widths, as PyTorch does', () => {
    expect(plan([2, 8, 7, 3], [2, 4, 4, 5])).toMatchObject({ kernelShape: [3, 3, 3, 5], strides: [2, 2] });
  });

  it('takes maps of unknown, equal sizes', () => {
    const unknown = [null, null, null];
    const { form } = planRegressor('test', [...unknown, 3], [...unknown, 5], { kind: 'batchNormalized' });
    expect(form).toBe('pointwise');
  });
});

describe('a batchNormalized regressor', () => {
  beforeAll(() => useBackend('cpu'));
  const plan = planRegressor('test', [2, 3, 1], [2, 3, 1], { kind: 'batchNormalized' });
  const regressed = (x: Tensor, mask?: Tensor): Tensor =>
    regress(plan, { kernel: ones([1, 1]), scale: ones([1]), offset: zeros([1]) }, x, mask);

  it('takes its statistics from the positions that the mask keeps, even if others hold NaN', async () => {
    const mask = tensor([1, 1, 0, 1, 1, 0], [2, 3]);
    const x = tensor([1, 3, NaN, 3, 1, 100], [2, 3, 1]);
    const kept = (values: ArrayLike<number>) => [0, 1, 3, 4].map((at) => values[at] ?? NaN);
    const found = kept(await regressed(x, mask).data());
    expectClose(found, [-1, 1, 1, -1], { relative: 1e-4, absolute: 0 });
    const slope = grad((z: Tensor) => sum(regressed(z, mask)))(zeros([2, 3, 1]));
    expect(kept(await slope.data()).every(Number.isFinite)).toBe(true);
  });

  it('is finite where all positions are equal, or none counts', async () => {
    for (const mask of [undefined, zeros([2, 3])])
      expect(Array.from(await regressed(ones([2, 3, 1]), mask).data()).every(Number.isFinite)).toBe(true);
  });
});
