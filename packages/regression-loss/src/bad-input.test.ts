import { disposedTensor, itRefuses, noTensors, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { absoluteErrorLoss, huberLoss, squaredErrorLoss, teacherBoundedLoss } from './index.js';

beforeAll(() => useBackend('cpu'));

const x = () => ones([2, 3]);
const noValues: readonly BadValue[] = [
  ...noTensors,
  ['a disposed tensor', disposedTensor, 'KD_TENSOR_TYPE', 'disposed'],
  ['int32', () => ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,3]'],
  [
    'one value per example without an axis for it',
    () => ones([2]),
    'KD_TENSOR_SHAPE',
    '[2]',
    'also if N is 1',
  ],
  ['no values', () => ones([2, 0]), 'KD_TENSOR_SHAPE', '[2,0]'],
  ['no examples', () => ones([0, 3]), 'KD_BATCH_EMPTY', '[0,3]'],
];
// It cannot tell which of the two is wrong; the message gives both shapes.
const mismatches: readonly BadValue[] = [
  ['one row, which would be broadcast', () => ones([1, 3]), 'KD_TENSOR_SHAPE', '[1,3]', '[2,3]'],
  ['one value, which would be broadcast', () => ones([2, 1]), 'KD_TENSOR_SHAPE', '[2,1]', '[2,3]'],
  ['further positions', () => ones([2, 2, 3]), 'KD_TENSOR_SHAPE', '[2,2,3]', '[2,3]'],
];

describe.each([squaredErrorLoss, absoluteErrorLoss, huberLoss])('%o refuses as', (loss) => {
  describe('targets', () => {
    itRefuses(noValues, (targets: Tensor) => loss(targets, x()), loss.name, 'targets');
  });
  describe('student', () => {
    itRefuses([...noValues, ...mismatches], (s: Tensor) => loss(x(), s), loss.name, 'studentValues');
  });
});

describe('teacherBoundedLoss refuses as', () => {
  const where = 'teacherBoundedLoss';
  describe('teacherValues', () => {
    itRefuses(
      [...noValues, ...mismatches],
      (teacherValues: Tensor) => teacherBoundedLoss({ teacherValues, trueValues: x() }, x()),
      where,
      'targets.teacherValues',
    );
  });
  describe('trueValues', () => {
    itRefuses(
      noValues,
      (trueValues: Tensor) => teacherBoundedLoss({ teacherValues: x(), trueValues }, x()),
      where,
      'targets.trueValues',
    );
  });
  describe('student', () => {
    itRefuses(
      [...noValues, ...mismatches],
      (s: Tensor) => teacherBoundedLoss({ teacherValues: x(), trueValues: x() }, s),
      where,
      'studentValues',
    );
  });
  describe('targets', () => {
    itRefuses(
      [
        ['undefined', () => undefined, 'KD_OPTION_TYPE', 'an object with teacherValues, trueValues'],
        ['a single tensor', x, 'KD_OPTION_UNKNOWN', 'targets.'],
        ['no true values', () => ({ teacherValues: x() }), 'KD_TENSOR_TYPE', 'targets.trueValues'],
      ],
      (targets: Parameters<typeof teacherBoundedLoss>[0]) => teacherBoundedLoss(targets, x()),
      where,
    );
  });
});

describe('options', () => {
  const noNumber = (name: string, ...others: number[]): BadValue[] => [
    ...[NaN, Infinity, -1, ...others].map((value): BadValue => [
      `${name} = ${String(value)}`,
      () => ({ [name]: value }),
      'KD_OPTION_RANGE',
      `options.${name}`,
      String(value),
    ]),
    [`${name} as a string`, () => ({ [name]: '1' }), 'KD_OPTION_TYPE', `options.${name}`, '"1"'],
    ['a misspelt option', () => ({ [`${name}s`]: 1 }), 'KD_OPTION_UNKNOWN', `options.${name}s`, name],
  ];
  itRefuses(noNumber('delta', 0), (options: object) => huberLoss(x(), x(), options), 'huberLoss');
  itRefuses(
    noNumber('margin'),
    (options: object) => teacherBoundedLoss({ teacherValues: x(), trueValues: x() }, x(), options),
    'teacherBoundedLoss',
  );
});
