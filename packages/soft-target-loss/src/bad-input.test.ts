import { describeValue } from '@kd/core';
import { itRefuses, noClassTensors, noTensors, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { ones, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { mismatches, noFractions, noIds, noSoftOptions } from '../test/bad-values.js';
import * as api from './index.js';

beforeAll(() => useBackend('cpu'));

const x = () => tensor2d([[3, 1, 0], [0, 2, 1]]); // prettier-ignore
const ids = () => tensor1d([0, 1], 'int32');
const soft = { temperature: 4 };

interface Refusal {
  readonly where: string;
  readonly argument: string;
  readonly call: (value: never) => unknown;
  readonly refuses: readonly BadValue[];
}

/** A function of a teacher tensor, a student tensor and options. */
function ofPair(
  each: (first: Tensor, second: Tensor, options: never) => unknown,
  first: string,
  minimum: number,
  options: object | undefined,
  noOptions: readonly BadValue[],
): Refusal[] {
  const second = first === 'teacherProbabilities' ? 'studentProbabilities' : 'studentLogits';
  const where = each.name;
  const asFirst = (value: never) => each(value, x(), options as never);
  const asSecond = (value: never) => each(x(), value, options as never);
  return [
    { where, argument: first, call: asFirst, refuses: noClassTensors(minimum) },
    { where, argument: second, call: asSecond, refuses: noClassTensors(minimum) },
    // It cannot tell which of the two is wrong; the message gives both shapes.
    { where, argument: second, call: asFirst, refuses: mismatches(minimum) },
    { where, argument: second, call: asSecond, refuses: mismatches(minimum) },
    ...(options === undefined
      ? []
      : [{ where, argument: 'options', call: (value: never) => each(x(), x(), value), refuses: noOptions }]),
  ];
}

const noBeta: readonly BadValue[] = [0, 1, -0.1, 1.1, NaN, Infinity].map((beta) => [
  `β = ${String(beta)}`,
  () => ({ ...soft, beta }),
  'KD_OPTION_RANGE',
  'options.beta',
  String(beta),
]);
const noJensenShannonOptions: readonly BadValue[] = [
  ...noSoftOptions,
  ...noBeta,
  ['β as a string', () => ({ ...soft, beta: '0.5' }), 'KD_OPTION_TYPE', 'options.beta', '"0.5"'],
  ['β = null', () => ({ ...soft, beta: null }), 'KD_OPTION_TYPE', 'options.beta', 'null'],
];
const noSkewOptions: readonly BadValue[] = [
  ...noSoftOptions,
  ...[0, 1, -0.1, 1.1, NaN, Infinity].map((alpha): BadValue => [
    `α = ${String(alpha)}`,
    () => ({ ...soft, alpha }),
    'KD_OPTION_RANGE',
    'options.alpha',
    String(alpha),
  ]),
  ['α as a string', () => ({ ...soft, alpha: '0.1' }), 'KD_OPTION_TYPE', 'options.alpha', '"0.1"'],
];
const noHardOptions: readonly BadValue[] = [
  ['null', () => null, 'KD_OPTION_TYPE', 'options', 'null'],
  ['a number', () => 0.1, 'KD_OPTION_TYPE', 'options', '0.1'],
  [
    'an unknown option',
    () => ({ smoothing: 0.1 }),
    'KD_OPTION_UNKNOWN',
    'options.smoothing',
    'labelSmoothing',
  ],
  ...noFractions('labelSmoothing', {}),
];
const both = { ...soft, softWeight: 0.5 };
const noDistillationOptions: readonly BadValue[] = [
  ...noSoftOptions.filter(([name]) => name !== 'an unknown option'),
  ['an unknown option', () => ({ ...both, alpha: 0.5 }), 'KD_OPTION_UNKNOWN', 'options.alpha', 'softWeight'],
  ['no softWeight', () => soft, 'KD_OPTION_TYPE', 'options.softWeight', 'undefined'],
  ...noFractions('softWeight', soft),
  ...noFractions('labelSmoothing', both),
];
const noIdsForRows: readonly BadValue[] = [
  ...noIds,
  ['one-hot labels', () => ones([2, 3]), 'KD_TENSOR_SHAPE', '[2,3]'],
  ['two columns', () => ones([2, 2]), 'KD_TENSOR_SHAPE', '[2,2]'],
];
const noMixOptions: readonly BadValue[] = [
  ...noSoftOptions.filter(([name]) => !/unknown|choice/.test(name)),
  ['an unknown option', () => ({ ...soft, weight: 1 }), 'KD_OPTION_UNKNOWN', 'options.weight', 'weights'],
  ...(
    [
      ['too few weights', [1]],
      ['too many weights', [0.5, 0.25, 0.25]],
      ['weights of another sum', [0.5, 0.6]],
      ['weights of zero', [0, 0]],
      ['a negative weight', [1.5, -0.5]],
      ['a weight of NaN', [0.5, NaN]],
      ['an infinite weight', [Infinity, 0]],
      ['a weight that is a string', [0.5, '0.5']],
    ] as const
  ).map(([name, weights]): BadValue => [
    name,
    () => ({ ...soft, weights }),
    'KD_WEIGHT_RANGE',
    'options.weights',
    `[${weights.map(describeValue).join(', ')}]`,
  ]),
  ['weights as a string', () => ({ ...soft, weights: '1,0' }), 'KD_WEIGHT_RANGE', '"1,0"'],
  ['weights as a number', () => ({ ...soft, weights: 1 }), 'KD_WEIGHT_RANGE', '1'],
  ['weights = null', () => ({ ...soft, weights: null }), 'KD_WEIGHT_RANGE', 'null'],
];

const table: readonly Refusal[] = [
  ...ofPair(api.softTargetLoss, 'teacherLogits', 2, soft, noSoftOptions),
  ...ofPair(api.softTargetCrossEntropy, 'teacherLogits', 2, soft, noSoftOptions),
  ...ofPair(api.softTargetLossFromLogTargets, 'logTargets', 2, soft, noSoftOptions),
  ...ofPair(api.softTargetLossFromProbabilities, 'teacherProbabilities', 2, soft, noSoftOptions),
  ...ofPair(api.reverseSoftTargetLoss, 'teacherLogits', 2, soft, noSoftOptions),
  ...ofPair(api.jensenShannonLoss, 'teacherLogits', 2, soft, noJensenShannonOptions),
  ...ofPair(api.skewSoftTargetLoss, 'teacherLogits', 2, soft, noSkewOptions),
  ...ofPair(api.skewReverseSoftTargetLoss, 'teacherLogits', 2, soft, noSkewOptions),
  ...ofPair(api.sigmoidSoftTargetLoss, 'teacherLogits', 1, soft, noSoftOptions),
  ...ofPair(api.sigmoidSoftTargetCrossEntropy, 'teacherLogits', 1, soft, noSoftOptions),
  ...ofPair(api.logitMatchingLoss, 'teacherLogits', 2, undefined, []),
  ...ofPair(api.hardTargetLossFromDistributions, 'labels', 2, {}, noHardOptions),
  ...ofPair(api.sigmoidHardTargetLoss, 'labels', 1, undefined, []),
  ...[api.logitsFromProbabilities, api.sigmoidLogitsFromProbabilities].map((each) => ({
    where: each.name,
    argument: 'probabilities',
    call: each,
    refuses: noClassTensors(1),
  })),
  {
    where: 'hardTargetLoss',
    argument: 'labels',
    call: (value: never) => api.hardTargetLoss(value, x()),
    refuses: noIdsForRows,
  },
  {
    where: 'hardTargetLoss',
    argument: 'studentLogits',
    call: (value: never) => api.hardTargetLoss(ids(), value),
    refuses: noClassTensors(2),
  },
  {
    where: 'hardTargetLoss',
    argument: 'options',
    call: (value: never) => api.hardTargetLoss(ids(), x(), value),
    refuses: noHardOptions,
  },
  {
    where: 'distillationLoss',
    argument: 'targets',
    call: (value: never) => api.distillationLoss(value, x(), both),
    refuses: [
      ['undefined', () => undefined, 'KD_OPTION_TYPE', 'an object with teacherLogits, labels'],
      ['a single tensor', x, 'KD_OPTION_UNKNOWN', 'targets.'],
      ['another part', () => ({ teacherLogits: x(), label: ids() }), 'KD_OPTION_UNKNOWN', 'targets.label'],
    ],
  },
  {
    where: 'distillationLoss',
    argument: 'targets.teacherLogits',
    call: (teacherLogits: never) => api.distillationLoss({ teacherLogits, labels: ids() }, x(), both),
    refuses: noClassTensors(2),
  },
  {
    where: 'distillationLoss',
    argument: 'targets.labels',
    call: (labels: never) => api.distillationLoss({ teacherLogits: x(), labels }, x(), both),
    refuses: noIdsForRows,
  },
  {
    where: 'distillationLoss',
    argument: 'studentLogits',
    call: (value: never) => api.distillationLoss({ teacherLogits: x(), labels: ids() }, value, both),
    refuses: [...noClassTensors(2), ...mismatches(2)],
  },
  {
    where: 'distillationLoss',
    argument: 'options',
    call: (value: never) => api.distillationLoss({ teacherLogits: x(), labels: ids() }, x(), value),
    refuses: noDistillationOptions,
  },
  {
    where: 'packedDistillationLoss',
    argument: 'options',
    call: api.packedDistillationLoss,
    refuses: noDistillationOptions,
  },
  {
    where: 'packedDistillationLoss',
    argument: 'yTrue',
    call: (value: never) => api.packedDistillationLoss(both)(value, x()),
    refuses: [
      ...noTensors,
      ['int32', () => ones([2, 4], 'int32'), 'KD_TENSOR_DTYPE', 'int32 tensor [2,4]'],
      ['logits without labels', x, 'KD_TENSOR_SHAPE', '[2,3]', 'packTargets'],
      ['another rank', () => ones([1, 2, 4]), 'KD_TENSOR_SHAPE', '[1,2,4]'],
    ],
  },
  {
    where: 'packedDistillationLoss',
    argument: 'yPred',
    call: (value: never) => api.packedDistillationLoss(both)(ones([2, 4]), value),
    refuses: noClassTensors(2),
  },
  {
    where: 'packTargets',
    argument: 'teacherLogits',
    call: (value: never) => api.packTargets(value, ids()),
    refuses: [...noClassTensors(2), ['a sequence', () => ones([2, 1, 3]), 'KD_TENSOR_SHAPE', '[2,1,3]']],
  },
  {
    where: 'packTargets',
    argument: 'labels',
    call: (value: never) => api.packTargets(x(), value),
    refuses: [...noIds, ['a column', () => ones([2, 1]), 'KD_TENSOR_SHAPE', '[2,1]']],
  },
  {
    where: 'forCompile',
    argument: 'loss',
    call: (value: never) => api.forCompile(value, {}),
    refuses: [
      ['undefined', () => undefined, 'KD_OPTION_TYPE', 'undefined'],
      ['a name', () => 'softTargetLoss', 'KD_OPTION_TYPE', '"softTargetLoss"'],
    ],
  },
  ...[api.arithmeticMean, api.geometricMean].flatMap((each): Refusal[] => [
    {
      where: each.name,
      argument: 'options',
      call: (value: never) => each([x(), x()], value),
      refuses: noMixOptions,
    },
    {
      where: each.name,
      argument: 'teacherLogits',
      call: (value: never) => each(value, soft),
      refuses: [
        ['undefined', () => undefined, 'KD_BATCH_EMPTY', 'an array of at least one tensor', 'undefined'],
        ['no teacher', () => [], 'KD_BATCH_EMPTY', 'an array of length 0'],
        ['a single tensor', x, 'KD_BATCH_EMPTY', 'a float32 tensor [2,3]'],
      ],
    },
    {
      where: each.name,
      argument: 'teacherLogits[0]',
      call: (value: never) => each([value], soft),
      refuses: noClassTensors(2),
    },
    {
      where: each.name,
      argument: 'teacherLogits[',
      call: (value: never) => each([x(), value], soft),
      refuses: [...noClassTensors(2), ...mismatches(2)],
    },
  ]),
];

describe.each(table)('$where refuses as $argument', ({ where, call, refuses, argument }) => {
  itRefuses(refuses, call, where, argument);
});
