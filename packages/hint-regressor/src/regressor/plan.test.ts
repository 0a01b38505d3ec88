import { expectKdError, goldenFile } from '@kd/testing';
import type { Shape } from '@kd/core';
import { describe, expect, it } from 'vitest';
import { planRegressor } from './plan.js';
import type { PlanOptions } from './plan.js';

interface ReferenceRegressor {
  readonly kind: string;
  readonly student: number[];
  readonly teacher: number[];
}
const { regressors } = goldenFile('hint-regressor/hint') as { regressors: ReferenceRegressor[] };
const references = regressors.filter(({ kind }) => kind === 'ConvReg');
const plan = (student: Shape, teacher: Shape, options: PlanOptions = {}): ReturnType<typeof planRegressor> =>
  planRegressor('test', student, teacher, options);

describe('planRegressor', () => {
  it.each<[string, Shape, Shape, string, number[] | undefined, number]>([
    ['vectors', [null, 50], [null, 80], 'pointwise', [50, 80], 4080],
    ['equal maps', [null, 8, 8, 16], [null, 8, 8, 32], 'pointwise', [16, 32], 544],
    ['equal shapes', [null, 8, 8, 16], [null, 8, 8, 16], 'pointwise', [16, 16], 272],
    ['a larger student', [null, 16, 12, 40], [null, 8, 8, 96], 'convolution', [9, 5, 40, 96], 172896],
    ['a higher student', [null, 9, 4, 2], [null, 4, 4, 3], 'convolution', [6, 1, 2, 3], 39],
    ['a larger teacher', [null, 4, 4, 16], [null, 8, 6, 32], 'resize', [16, 32], 544],
    ['higher here, wider there', [null, 8, 2, 16], [null, 4, 4, 32], 'resize', [16, 32], 544],
    ['a longer sequence', [null, 10, 5], [null, 8, 6], 'convolution', [1, 3, 5, 6], 96],
    ['a shorter sequence', [null, 4, 5], [null, 8, 6], 'resize', [5, 6], 36],
    ['sequences of unknown length', [null, null, 5], [null, null, 6], 'pointwise', [5, 6], 36],
    ['maps of unknown size', [null, null, null, 5], [null, null, null, 6], 'pointwise', [5, 6], 36],
  ])('chooses for %s', (_, student, teacher, kind, kernelShape, parameters) => {
    expect(plan(student, teacher)).toMatchObject({ kind, kernelShape, parameters });
  });

  it('is the identity only on request', () => {
    const shape = [null, 8, 8, 16];
    expect(plan(shape, shape, { identityWhenEqual: true })).toMatchObject({
      kind: 'identity',
      parameters: 0,
    });
    expect(plan(shape, shape, { kind: 'identity' })).toMatchObject({ kind: 'identity', parameters: 0 });
    const unequal = plan(shape, [null, 8, 8, 17], { identityWhenEqual: true, kind: 'resize' });
    expect(unequal.kind).toBe('resize');
  });

  it('makes transposed kernels without holes or a remainder', () => {
    for (const [from, to] of [
      [4, 8],
      [4, 9],
      [3, 8],
      [5, 5],
      [1, 7],
      [7, 50],
    ] as const) {
      const { kernelShape = [], strides } = plan([null, from, 1, 2], [null, to, 1, 3], {
        kind: 'transposed',
      });
      expect(kernelShape.slice(1)).toEqual([1, 3, 2]);
      const [kernel = 0] = kernelShape;
      expect(kernel).toBeGreaterThanOrEqual(strides[0]);
      expect((from - 1) * strides[0] + kernel).toBe(to);
    }
  });

  it.each(references)(
    'maps $student to $teacher, including widths, where the reference only checks heights',
    ({ student, teacher }) => {
      const kinds = [{}, { kind: 'resize' }] as const;
      for (const options of kinds) {
        expect(plan(student, teacher, options).hintShape).toEqual(teacher.slice(1));
      }
    },
  );

  it.each<[string, Shape, Shape, PlanOptions, string, string[]]>([
    [
      'a map and a vector',
      [null, 8, 8, 2],
      [null, 10],
      {},
      'KD_HINT_SHAPES',
      ['[?,8,8,2]', '[?,10]', 'the student and teacher shapes'],
    ],
    [
      'a size that only one side knows',
      [null, null, 3],
      [null, 8, 3],
      {},
      'KD_HINT_SHAPES',
      ['[?,?,3]', '[?,8,3]'],
    ],
    [
      'an identity of unequal shapes',
      [null, 4],
      [null, 5],
      { kind: 'identity' },
      'KD_HINT_SHAPES',
      ['"pointwise"'],
    ],
    [
      'a 1x1 convolution of unequal sizes',
      [null, 4, 4, 1],
      [null, 4, 5, 1],
      { kind: 'pointwise' },
      'KD_HINT_SHAPES',
      ['"transposed"', '"resize"'],
    ],
    [
      'a normalised convolution to a larger map',
      [null, 4, 4, 1],
      [null, 8, 7, 1],
      { kind: 'batchNormalized' },
      'KD_HINT_SHAPES',
      ['half as large on both axes', '"transposed" or "resize"'],
    ],
    [
      'a convolution to a larger map',
      [null, 4, 4, 1],
      [null, 4, 5, 1],
      { kind: 'convolution' },
      'KD_HINT_SHAPES',
      ['the student and teacher shapes'],
    ],
    [
      'a transposed convolution to a smaller map',
      [null, 9, 1],
      [null, 8, 1],
      { kind: 'transposed' },
      'KD_HINT_SHAPES',
      ['"convolution"'],
    ],
    ['a scalar for each example', [null], [null], {}, 'KD_TENSOR_SHAPE', ['the student shape']],
    ['rank 5', [null, 1, 1, 1, 1], [null, 1, 1, 1, 1], {}, 'KD_TENSOR_SHAPE', ['[?,1,1,1,1]']],
    ['unknown channels', [null, 3], [null, null], {}, 'KD_TENSOR_SHAPE', ['the teacher shape', '[?,?]']],
  ])('refuses %s', (_, student, teacher, options, code, facts) =>
    expectKdError(() => plan(student, teacher, options), code, ...facts),
  );
});
