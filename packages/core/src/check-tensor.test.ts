import { ones, tensor } from '@tensorflow/tfjs-core';
import { disposedTensor, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import {
  checkClassIds,
  checkClassTensor,
  checkFloat32,
  checkShape,
  checkTeacherAndStudent,
  checkTensor,
} from './check-tensor.js';

await useBackend('cpu');

const notTensors = (): [unknown, string][] => [
  [undefined, 'undefined'],
  [null, 'null'],
  [3, '3'],
  [[[1, 2]], 'an array of length 1'],
  [new Float32Array(2), 'a Float32Array'],
  [{ shape: [2, 2], dtype: 'float32' }, 'an object with shape, dtype'],
  [disposedTensor(), 'a disposed float32 tensor [2,3]'],
];

describe('checkTensor', () => {
  it('accepts a live tensor of any dtype', () => {
    for (const value of [ones([2, 2]), tensor(['a']), tensor([true]), tensor([1], [1], 'int32')]) {
      checkTensor('f', 'x', value);
    }
  });

  it('refuses everything else, and disposed tensors', async () => {
    for (const [value, received] of notTensors()) {
      await expectKdError(
        () => {
          checkTensor('softTargetLoss', 'teacherLogits', value);
        },
        'KD_TENSOR_TYPE',
        'teacherLogits',
        received,
      );
    }
  });
});

it('checkClassIds accepts whole numbers as int32 or float32, and nothing else', async () => {
  for (const ids of [tensor([1, 2], [2], 'int32'), tensor([1, 2])]) checkClassIds('f', 'labels', ids);
  for (const [value, code] of [
    [tensor([true]), 'KD_TENSOR_DTYPE'],
    [[1, 2], 'KD_TENSOR_TYPE'],
  ] as const)
    await expectKdError(
      () => {
        checkClassIds('f', 'labels', value);
      },
      code,
      'labels',
    );
});

describe('checkFloat32', () => {
  it('refuses other dtypes, with the cast as remedy', async () => {
    checkFloat32('f', 'x', ones([2]));
    for (const [value, received] of [
      [tensor([1, 2], [2], 'int32'), 'an int32 tensor [2]'],
      [tensor([true]), 'a bool tensor [1]'],
      [tensor(['a', 'b']), 'a string tensor [2]'],
    ] as const) {
      await expectKdError(
        () => {
          checkFloat32('loss', 'labels', value);
        },
        'KD_TENSOR_DTYPE',
        'labels',
        received,
      );
    }
  });

  it('refuses values that are not tensors', async () => {
    for (const [value] of notTensors()) {
      await expectKdError(
        () => {
          checkFloat32('loss', 'labels', value);
        },
        'KD_TENSOR_TYPE',
        'loss',
        'labels',
      );
    }
  });
});

describe('checkClassTensor', () => {
  const check = (value: unknown, minimum = 2): void => {
    checkClassTensor('loss', 'logits', value, minimum);
  };

  it('accepts [B, ..., N] with enough classes', () => {
    for (const shape of [
      [1, 2],
      [3, 4, 5, 2],
    ]) {
      check(ones(shape));
    }
    check(ones([1, 1]), 1);
  });

  it.each([
    ['a scalar', []],
    ['rank 1', [4]],
    ['too few classes', [4, 1]],
    ['no classes', [4, 0]],
    ['no classes in an empty batch', [0, 0]],
  ])('refuses %s', async (_, shape) => {
    await expectKdError(
      () => {
        check(ones(shape));
      },
      'KD_TENSOR_SHAPE',
      'logits',
      `[${shape.join(',')}]`,
    );
  });

  it.each([[[0, 2]], [[3, 0, 2]]])('refuses the empty batch %o', async (shape) => {
    await expectKdError(
      () => {
        check(ones(shape));
      },
      'KD_BATCH_EMPTY',
      'logits',
      `[${shape.join(',')}]`,
    );
  });

  it('refuses other dtypes and values that are not tensors', async () => {
    await expectKdError(
      () => {
        check(tensor([1, 2], [1, 2], 'int32'));
      },
      'KD_TENSOR_DTYPE',
      'loss',
      'logits',
    );
    await expectKdError(
      () => {
        check([[1, 2]]);
      },
      'KD_TENSOR_TYPE',
      'loss',
      'logits',
    );
  });
});

describe('checkShape', () => {
  it('accepts the shape, and no shape that would broadcast to it', async () => {
    checkShape('f', 'x', ones([2, 3]), [2, 3]);
    checkShape('f', 'x', ones([]), []);
    for (const shape of [[3], [1, 3], [2, 1], [3, 2], [2, 3, 1], []]) {
      await expectKdError(
        () => {
          checkShape('loss', 'mask', ones(shape), [2, 3]);
        },
        'KD_TENSOR_SHAPE',
        'mask',
        `[${shape.join(',')}]`,
      );
    }
  });
});

describe('checkTeacherAndStudent', () => {
  const check = (teacher: unknown, student: unknown): void => {
    checkTeacherAndStudent('loss', 'teacherLogits', teacher, 'studentLogits', student, 2);
  };

  it('accepts equal shapes', () => {
    check(ones([4, 3]), ones([4, 3]));
    check(ones([4, 5, 3]), ones([4, 5, 3]));
  });

  it('reports different numbers of classes', async () => {
    for (const [teacher, student] of [
      [
        [4, 10],
        [4, 12],
      ],
      [
        [4, 10],
        [5, 12],
      ],
    ] as const) {
      await expectKdError(
        () => {
          check(ones([...teacher]), ones([...student]));
        },
        'KD_CLASSES_MISMATCH',
        'loss',
        'teacherLogits and studentLogits',
        `[${teacher.join(',')}] and [${student.join(',')}]`,
      );
    }
  });

  it('reports other differences as different shapes', async () => {
    for (const student of [
      [5, 10],
      [1, 10],
      [4, 1, 10],
      [4, 7, 12],
    ]) {
      await expectKdError(
        () => {
          check(ones([4, 10]), ones(student));
        },
        'KD_TENSOR_SHAPE',
        'studentLogits',
        `[${student.join(',')}]`,
      );
    }
  });

  it('checks each of the two, the teacher first', async () => {
    await expectKdError(
      () => {
        check(undefined, undefined);
      },
      'KD_TENSOR_TYPE',
      'teacherLogits',
    );
    await expectKdError(
      () => {
        check(ones([4, 3]), tensor([1], [1, 1], 'int32'));
      },
      'KD_TENSOR_DTYPE',
      'studentLogits',
    );
    await expectKdError(
      () => {
        check(ones([4, 3]), ones([4, 1]));
      },
      'KD_TENSOR_SHAPE',
      'studentLogits',
    );
    await expectKdError(
      () => {
        check(ones([0, 3]), ones([0, 3]));
      },
      'KD_BATCH_EMPTY',
      'teacherLogits',
    );
  });

  it('creates no tensors', async () => {
    const logits = ones([4, 3]);
    await expectNoLeak(() => {
      check(logits, logits);
      expect(logits.isDisposed).toBe(false);
    });
  });
});
