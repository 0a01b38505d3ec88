import { disposedTensor, expectKdError, expectNoLeak, itRefuses, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { ones, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, it } from 'vitest';
import { applyBiasOffsets, fitBiasOffsets, biasWithOffsets } from './index.js';

beforeAll(() => useBackend('cpu'));

const probabilities = (): Tensor => tensor2d([[0.5, 0.25, 0.25], [0, 1, 0]]); // prettier-ignore
const logits = (): Tensor => tensor2d([[3, 1, 0], [0, 2, 1]]); // prettier-ignore

const noOutputs: readonly BadValue[] = [
  ['undefined', () => undefined, 'KD_DATA_TYPE', 'a tensor, or a Float32Array'],
  ['an array', () => [[1, 2, 3]], 'KD_DATA_TYPE', 'an array of length 1'],
  ['a disposed tensor', disposedTensor, 'KD_TENSOR_TYPE', 'a disposed float32 tensor [2,3]'],
  ['int32', () => tensor2d([[1, 0, 0], [0, 1, 0]], [2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'int32'], // prettier-ignore
  ['one row without its batch', () => tensor1d([0, 1, 0]), 'KD_TENSOR_SHAPE', '[3]'],
  ['a single class', () => ones([2, 1]), 'KD_TENSOR_SHAPE', '[2,1]'],
  ['an empty batch', () => ones([0, 3]), 'KD_BATCH_EMPTY', '[0,3]'],
  ['fewer rows', () => tensor2d([[1, 0, 0]]), 'KD_TENSOR_SHAPE'],
  ['fewer classes', () => ones([2, 2]), 'KD_CLASSES_MISMATCH'],
];

describe('fitBiasOffsets refuses as teacherProbabilities', () => {
  itRefuses(
    [
      ...noOutputs,
      ['logits', logits, 'KD_PROBABILITY_RANGE', '[0]', '[3, 1, 0] with sum 4', 'tf.softmax'],
      ['a negative one', () => tensor2d([[0, 0, 1], [-0.5, 1.5, 0]]), 'KD_PROBABILITY_RANGE', '[1]', '-0.5'], // prettier-ignore
      ['NaN', () => tensor2d([[0, 1, 0], [NaN, 1, 0]]), 'KD_PROBABILITY_RANGE', '[1]', 'sum NaN'], // prettier-ignore
    ],
    (value) => fitBiasOffsets(value, logits()),
    'fitBiasOffsets',
  );

  it('sequences', async () => {
    const at = ones([2, 1, 2]);
    await expectKdError(() => fitBiasOffsets(at, at), 'KD_TENSOR_SHAPE', '[2,1,2]');
  });

  it('zero probability for a class, because no finite offset is best', async () => {
    const p = tensor2d([[0.5, 0.5, 0], [0, 1, 0]]); // prettier-ignore
    const argument = 'teacherProbabilities';
    const refuse = (classes: number[] | undefined, ...facts: string[]) =>
      expectKdError(
        () => fitBiasOffsets(p, logits(), classes === undefined ? {} : { classes }),
        'KD_BIAS_UNBOUNDED',
        argument,
        ...facts,
      );
    await refuse([1, 2], 'zeros only');
    await refuse(undefined, '2');
    await refuse([2, 1, 0], '2');
    await refuse([0, 1]);
    await fitBiasOffsets(p, logits(), { classes: [0] });
  });
});

describe('fitBiasOffsets refuses as studentLogits', () => {
  itRefuses(
    [
      ...noOutputs,
      ['NaN', () => tensor2d([[0, NaN, 0], [0, 1, 0]]), 'KD_OPTION_RANGE', 'NaN or infinite'], // prettier-ignore
      ['infinity', () => tensor2d([[0, 1, 0], [0, 1, -Infinity]]), 'KD_OPTION_RANGE', 'finite'], // prettier-ignore
    ],
    (value) => fitBiasOffsets(probabilities(), value),
  );
});

describe('fitBiasOffsets refuses as options', () => {
  itRefuses(
    [
      ['null', () => null, 'KD_OPTION_TYPE', 'null'],
      ['an array', () => [1], 'KD_OPTION_TYPE', 'options'],
      ['an unknown option', () => ({ class: 1 }), 'KD_OPTION_UNKNOWN', '.class'],
      ['a number', () => ({ classes: 1 }), 'KD_OPTION_TYPE', 'options.classes', '1'], // prettier-ignore
      ['no class', () => ({ classes: [] }), 'KD_BATCH_EMPTY', 'options.classes'],
      ['a class that is not there', () => ({ classes: [0, 3] }), 'KD_OPTION_RANGE', 'classes[1]', '3'],
      ['a negative one', () => ({ classes: [-1] }), 'KD_OPTION_RANGE', 'classes[0]', '-1'],
      ['half a class', () => ({ classes: [0.5] }), 'KD_OPTION_RANGE', '0.5'],
      ['NaN', () => ({ classes: [NaN] }), 'KD_OPTION_RANGE', 'NaN'],
      ['a class by name', () => ({ classes: ['3'] }), 'KD_OPTION_TYPE', '"3"'],
      ['a class twice', () => ({ classes: [1, 1] }), 'KD_OPTION_RANGE', 'classes[1]', '1 a second time'],
    ],
    (value) => fitBiasOffsets(probabilities(), logits(), value),
  );

  it('and leaks no tensor', async () => {
    const [p, z] = [probabilities(), logits()];
    await expectNoLeak(async () => {
      await expectKdError(() => fitBiasOffsets(p, z, { classes: [9] }), 'KD_OPTION_RANGE');
    });
  });
});

const dense = (more: object = {}) => layers.dense({ units: 3, inputShape: [2], name: 'top', ...more });
const offsets = [0, 1, 2];

describe.each([
  ['biasWithOffsets', biasWithOffsets],
  ['applyBiasOffsets', applyBiasOffsets],
] as const)('%s refuses', (name, apply) => {
  itRefuses([
    ['no model', () => ({}), 'KD_MODEL_UNSUPPORTED', 'model'],
    ['a model that is not built', () => sequential(), 'KD_MODEL_UNSUPPORTED', 'model'],
    ['independent labels', () => sequential({ layers: [dense({ activation: 'sigmoid' })] }), 'KD_MODEL_CONVENTION', 'sigmoid'], // prettier-ignore
    ['a layer without bias', () => sequential({ layers: [dense({ useBias: false })] }), 'KD_BIAS_MISSING', 'the layer "top", which gives the logits,', 'a layer without bias'], // prettier-ignore
    ['another number of classes', () => sequential({ layers: [dense({ units: 4 })] }), 'KD_BIAS_MISSING', 'a bias of shape [4]'], // prettier-ignore
    ['an activation between bias and logits', () => sequential({ layers: [dense({ activation: 'relu' })] }), 'KD_BIAS_MISSING', 'the activation relu behind the bias'], // prettier-ignore
    ['a layer that scales the logits', () => sequential({ layers: [dense(), layers.rescaling({ scale: 0.5, name: 'cool' })] }), 'KD_BIAS_MISSING', '"cool"', 'without bias'], // prettier-ignore
    ['dropout behind it', () => sequential({ layers: [dense(), layers.dropout({ rate: 0.5, name: 'drop' })] }), 'KD_BIAS_MISSING', '"drop"'], // prettier-ignore
    ['an activation other than softmax', () => sequential({ layers: [dense(), layers.activation({ activation: 'tanh', name: 'tanh' })] }), 'KD_BIAS_MISSING', '"tanh"'], // prettier-ignore
  ], (model) => { apply(model, { offsets }); }, name); // prettier-ignore

  itRefuses([
    ['offsets without their correction', () => offsets, 'KD_OPTION_TYPE', 'correction'],
    ['an unknown field', () => ({ offsets, bias: 1 }), 'KD_OPTION_UNKNOWN', 'correction.bias'],
    ['no offsets', () => ({}), 'KD_OPTION_TYPE', 'correction.offsets'],
    ['none at all', () => ({ offsets: [] }), 'KD_OPTION_TYPE', 'an array of length 0'],
    ['NaN', () => ({ offsets: [0, NaN, 0] }), 'KD_OPTION_RANGE', 'correction.offsets[1]', 'NaN'],
    ['a string', () => ({ offsets: [0, '1', 0] }), 'KD_OPTION_TYPE', 'correction.offsets[1]', '"1"'],
    [
      'too few',
      () => ({ offsets: [0, 1] }),
      'KD_BIAS_MISSING',
      'a bias of shape [3]',
    ],
  ], (correction) => { apply(sequential({ layers: [dense()] }), correction); }, name); // prettier-ignore
});
