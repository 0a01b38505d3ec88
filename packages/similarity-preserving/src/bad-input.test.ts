import { expectKdError, useBackend } from '@kd/testing';
import { ones, sum, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { noFloats, noOptions } from '../test/bad-values.js';
import type { BadValue } from '../test/bad-values.js';
import * as api from './index.js';

beforeAll(() => useBackend('cpu'));

const pairOfExamples = () => ones([2, 3]);
const taps = { student: 'a', teacher: 'b' };

interface Refusal {
  readonly where: string;
  readonly argument: string;
  readonly call: (value: never) => unknown;
  readonly refuses: readonly BadValue[];
}

const shape = 'of shape [B, ...], rank 2 or more, without an empty axis; received';
const noFeatures: readonly BadValue[] = [
  ...noFloats,
  ['a scalar', () => ones([]), 'KD_TENSOR_SHAPE', `${shape} []`],
  ['one number per example', () => ones([2]), 'KD_TENSOR_SHAPE', `${shape} [2]`],
  ['no features', () => zeros([2, 0]), 'KD_TENSOR_SHAPE', `${shape} [2,0]`],
  ['no rows of pixels', () => zeros([2, 0, 4, 3]), 'KD_TENSOR_SHAPE', `${shape} [2,0,4,3]`],
  ['an empty batch', () => zeros([0, 3]), 'KD_BATCH_EMPTY', 'at least one example; received [0,3]'],
  [
    'another batch',
    () => ones([3, 3]),
    'KD_TENSOR_SHAPE',
    'teacherFeatures and studentFeatures must be of equally many examples',
    '[3,3]',
    '[2,3]',
  ],
  ['one example, which would be broadcast', () => ones([1, 3]), 'KD_TENSOR_SHAPE', '[1,3]', '[2,3]'],
];
const matrix = 'of shape [rows, columns] without an empty axis; received';
const noMatrices: readonly BadValue[] = [
  ...noFloats,
  ['a row', () => ones([3]), 'KD_TENSOR_SHAPE', `${matrix} [3]`],
  ['several matrices', () => ones([2, 3, 3]), 'KD_TENSOR_SHAPE', `${matrix} [2,3,3]`],
  ['no columns', () => zeros([3, 0]), 'KD_TENSOR_SHAPE', `${matrix} [3,0]`],
];
const noRows: readonly BadValue[] = [
  ['one per row', () => (rows: Tensor) => sum(rows, 1), 'KD_TENSOR_SHAPE', 'of shape [2,2]; received [2]'],
  ['nothing', () => () => undefined, 'KD_TENSOR_TYPE', 'a live tensor; received undefined'],
  ['whole numbers', () => () => ones([2, 2], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,2]'],
];
const tap = 'must be the name of a layer, or an object with a layer; received';
const noTaps: readonly BadValue[] = (['student', 'teacher'] as const).flatMap((side): BadValue[] => {
  const set = (value: unknown) => () => ({ ...taps, [side]: value });
  return [
    [`no ${side}`, set(undefined), 'KD_OPTION_TYPE', `options.${side} ${tap} undefined`],
    [`a ${side} by number`, set(3), 'KD_OPTION_TYPE', `options.${side} ${tap} 3`],
    [`a ${side} of null`, set(null), 'KD_OPTION_TYPE', `options.${side} ${tap} null`],
    [
      `a ${side} without a layer`,
      set({ node: 1 }),
      'KD_OPTION_TYPE',
      `options.${side} ${tap} an object with node`,
    ],
    [
      `several of the ${side}`,
      set(['a', 'b']),
      'KD_OPTION_TYPE',
      `options.${side} ${tap} an array of length 2`,
    ],
  ];
});
const set = (option: string, value: unknown) => () => ({ ...taps, [option]: value });
const noTermOptions: readonly BadValue[] = [
  [
    'a weight < 0',
    set('weight', -1),
    'KD_OPTION_RANGE',
    'options.weight must be a finite number >= 0; received -1',
  ],
  ['a weight of NaN', set('weight', NaN), 'KD_OPTION_RANGE', 'options.weight', 'received NaN'],
  ['an infinite weight', set('weight', Infinity), 'KD_OPTION_RANGE', 'options.weight', 'received Infinity'],
  ['a weight as a string', set('weight', '1'), 'KD_OPTION_TYPE', 'options.weight', 'received "1"'],
  [
    'an empty name',
    set('name', ''),
    'KD_OPTION_TYPE',
    'options.name must be a non-empty string; received ""',
  ],
  ['a name that is a number', set('name', 1), 'KD_OPTION_TYPE', 'options.name', 'received 1'],
];

const table: readonly Refusal[] = [
  {
    where: 'similarityPreservingLoss',
    argument: 'teacherFeatures',
    call: (value: never) => api.similarityPreservingLoss(value, pairOfExamples()),
    refuses: noFeatures,
  },
  {
    where: 'similarityPreservingLoss',
    argument: 'studentFeatures',
    call: (value: never) => api.similarityPreservingLoss(pairOfExamples(), value),
    refuses: noFeatures,
  },
  {
    where: 'similarityPreservingLoss',
    argument: 'options',
    call: (value: never) => api.similarityPreservingLoss(pairOfExamples(), pairOfExamples(), value),
    refuses: noOptions('normalize'),
  },
  {
    where: 'similarityPreservingLoss',
    argument: 'the value of options.normalize',
    call: (normalize: never) =>
      api.similarityPreservingLoss(pairOfExamples(), pairOfExamples(), { normalize }),
    refuses: noRows,
  },
  ...[api.rowsToUnitLength, api.rowsToUnitSum].map((call) => ({
    where: call.name,
    argument: 'similarities',
    call,
    refuses: noMatrices,
  })),
  {
    where: 'similarityPreserving',
    argument: 'options',
    call: api.similarityPreserving,
    refuses: [
      ['undefined', () => undefined, 'KD_OPTION_TYPE', 'options must be an object with student', 'undefined'],
      ...noOptions('student, teacher, normalize, weight, name', taps),
      ...noTaps,
      ...noTermOptions,
    ],
  },
];

describe.each(table)('$where refuses as $argument', ({ where, call, refuses, argument }) => {
  for (const [name, value, code, ...parts] of refuses) {
    it(name, async () => {
      await expectKdError(() => call(value() as never), code, `${where}: `, argument, ...parts);
    });
  }
});
