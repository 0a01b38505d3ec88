import { expectKdError, useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { checkFeaturePair, checkFeatures } from './check-features.js';
import type { FeatureShape } from './check-features.js';

await useBackend('cpu');

const sequences: FeatureShape = {
  expected: 'of shape [B, length, channels]',
  fits: ({ length }) => length === 3,
  remedy: 'Tap a recurrent layer.',
};

describe('checkFeatures', () => {
  const check = (value: unknown): void => {
    checkFeatures('loss', 'features', value, sequences);
  };

  it('accepts float32 with an accepted shape', () => {
    check(ones([1, 2, 3]));
  });

  it.each([[[]], [[2, 3]], [[1, 2, 2, 3]], [[2, 0, 3]], [[2, 3, 0]], [[0, 3]]])(
    'refuses the shape %j, with what the method says of it',
    async (shape) => {
      await expectKdError(
        () => {
          check(ones(shape));
        },
        'KD_TENSOR_SHAPE',
        'features',
        `[${shape.join(',')}]`,
      );
    },
  );

  it.each([[[0, 2, 3]], [[0, 0, 3]]])('refuses the empty batch %j', async (shape) => {
    await expectKdError(
      () => {
        check(ones(shape));
      },
      'KD_BATCH_EMPTY',
      'features',
      `[${shape.join(',')}]`,
    );
  });

  it('refuses other dtypes and values that are not tensors', async () => {
    for (const [value, code] of [
      [ones([1, 2, 3], 'int32'), 'KD_TENSOR_DTYPE'],
      [[[[1]]], 'KD_TENSOR_TYPE'],
    ] as const) {
      await expectKdError(
        () => {
          check(value);
        },
        code,
        'loss',
        'features',
      );
    }
  });
});

describe('checkFeaturePair', () => {
  const check = (teacher: unknown, student: unknown): void => {
    checkFeaturePair('loss', teacher, student, sequences);
  };

  it('accepts different sizes on every axis except the first', () => {
    check(ones([2, 3, 4]), ones([2, 5, 6]));
  });

  it.each([1, 3])('refuses %i examples beside two, with both shapes', async (examples) => {
    await expectKdError(
      () => {
        check(ones([2, 3, 4]), ones([examples, 3, 4]));
      },
      'KD_TENSOR_SHAPE',
      'loss',
      'teacherFeatures and studentFeatures',
      `[2,3,4] and [${String(examples)},3,4]`,
    );
  });

  it('checks each of the two, the teacher first', async () => {
    for (const [teacher, student, argument] of [
      [undefined, undefined, 'teacherFeatures'],
      [ones([2, 3, 4]), undefined, 'studentFeatures'],
    ] as const) {
      await expectKdError(
        () => {
          check(teacher, student);
        },
        'KD_TENSOR_TYPE',
        argument,
      );
    }
  });
});
