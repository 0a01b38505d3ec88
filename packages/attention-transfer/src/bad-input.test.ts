import { expectKdError, useBackend } from '@kd/testing';
import { ones, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { noDistances, noFeatureMaps, noFloats, noOptions, noPowers } from '../test/bad-values.js';
import type { BadValue } from '../test/bad-values.js';
import * as api from './index.js';

beforeAll(() => useBackend('cpu'));

const maps = () => ones([2, 2, 3, 1]);
const rows = () => ones([2, 6]);
const taps = { student: 'a', teacher: 'b' };

interface Refusal {
  readonly where: string;
  readonly argument: string;
  readonly call: (value: never) => unknown;
  readonly refuses: readonly BadValue[];
}

const otherBatch: readonly BadValue[] = [
  [
    'another batch',
    () => ones([3, 2, 3, 1]),
    'KD_TENSOR_SHAPE',
    'teacherFeatures and studentFeatures must be of equally many examples',
    '[3,2,3,1]',
    '[2,2,3,1]',
  ],
  ['one example, which would be broadcast', () => ones([1, 2, 3, 1]), 'KD_TENSOR_SHAPE', '[1,2,3,1]'],
];
const notTheMap: readonly BadValue[] = [
  ['other positions', () => ones([2, 5]), 'KD_TENSOR_SHAPE', 'of shape [', '[2,5]', '[2,6]'],
  ['one row, which would be broadcast', () => ones([1, 6]), 'KD_TENSOR_SHAPE', '[1,6]', '[2,6]'],
];
const noMaps: readonly BadValue[] = [
  ['feature maps', maps, 'KD_TENSOR_SHAPE', '[B, positions]; received [2,2,3,1]'],
  ['one map without its batch', () => ones([6]), 'KD_TENSOR_SHAPE', '[B, positions]; received [6]'],
  ['no rows', () => ones([0, 6]), 'KD_TENSOR_SHAPE', '[B, positions]; received [0,6]'],
];
const noValues: readonly BadValue[] = [
  ['a scalar', () => (_: Tensor, s: Tensor) => sum(s), 'KD_TENSOR_SHAPE', 'of shape [2]; received []'],
  ['one per position', () => (_: Tensor, s: Tensor) => s, 'KD_TENSOR_SHAPE', 'of shape [2]; received [2,6]'],
  ['nothing', () => () => undefined, 'KD_TENSOR_TYPE', 'a live tensor; received undefined'],
  ['whole numbers', () => () => ones([2], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2]'],
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
  { where: 'attentionMap', argument: 'features', call: api.attentionMap, refuses: noFeatureMaps },
  {
    where: 'attentionMap',
    argument: 'options',
    call: (value: never) => api.attentionMap(maps(), value),
    refuses: [...noOptions('power'), ...noPowers()],
  },
  {
    where: 'attentionTransferLoss',
    argument: 'teacherFeatures',
    call: (value: never) => api.attentionTransferLoss(value, maps()),
    refuses: [...noFeatureMaps, ...otherBatch],
  },
  {
    where: 'attentionTransferLoss',
    argument: 'studentFeatures',
    call: (value: never) => api.attentionTransferLoss(maps(), value),
    refuses: [...noFeatureMaps, ...otherBatch],
  },
  {
    where: 'attentionTransferLoss',
    argument: 'options',
    call: (value: never) => api.attentionTransferLoss(maps(), maps(), value),
    refuses: [...noOptions('power, distance'), ...noPowers(), ...noDistances()],
  },
  {
    where: 'attentionTransferLoss',
    argument: 'the value of options.distance',
    call: (distance: never) => api.attentionTransferLoss(maps(), maps(), { distance }),
    refuses: noValues,
  },
  ...[api.euclideanDistance, api.meanSquaredDifference].flatMap((distance): Refusal[] => [
    {
      where: distance.name,
      argument: 'teacherMap',
      call: (value: never) => distance(value, rows()),
      refuses: [...noFloats, ...noMaps],
    },
    {
      where: distance.name,
      argument: 'studentMap',
      call: (value: never) => distance(rows(), value),
      refuses: [...noFloats, ...notTheMap],
    },
  ]),
  {
    where: 'attentionTransfer',
    argument: 'options',
    call: api.attentionTransfer,
    refuses: [
      ['undefined', () => undefined, 'KD_OPTION_TYPE', 'options must be an object with student', 'undefined'],
      ...noOptions('student, teacher, power, distance, weight, name', taps),
      ...noPowers(taps),
      ...noDistances(taps),
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
